package dev.berth.operator.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a file with a ConnectionPolicy in YAML holds. */
public sealed interface PolicyFile {
  /** The only version that there is. */
  String VERSION = HasMetadata.getApiVersion(ConnectionPolicy.class);

  /**
   * A policy, checked.
   *
   * @param name its {@code metadata.name}
   */
  record Good(String name, Policy policy) implements PolicyFile {}

  /** Something else: {@code sentence} says what is wrong, where, and what would be right. */
  record Bad(String sentence) implements PolicyFile {}

  /**
   * Reads a file with one document. Unknown fields and parts of a number are refused, as the API
   * server does.
   */
  static PolicyFile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException unreadable) {
      return new Bad(file + " can't be read: " + why(unreadable));
    }
    try {
      return check(file, text);
    } catch (JsonProcessingException malformed) {
      return new Bad(MalformedPolicy.sentence(file, text, malformed));
    } catch (IllegalArgumentException refused) {
      String sentence = String.valueOf(refused.getMessage());
      return new Bad(FieldLines.of(text).place(file, sentence) + ": " + sentence);
    }
  }

  private static PolicyFile check(Path file, String text) throws JsonProcessingException {
    var yaml =
        YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();
    List<JsonNode> documents = documents(yaml, text);
    // Empty ones don't count, such as behind a last line of dashes.
    if (documents.stream().filter(each -> !each.isNull()).count() > 1) {
      return new Bad(file + " holds several documents; it must hold one ConnectionPolicy");
    }
    JsonNode document = documents.isEmpty() ? MissingNode.getInstance() : documents.getFirst();
    var kind = Optional.ofNullable(document.get("kind")).map(JsonNode::asText);
    if (!kind.equals(Optional.of("ConnectionPolicy"))) {
      return new Bad(
          "%s holds %s; it must hold a ConnectionPolicy"
              .formatted(file, kind.map(other -> "a " + other).orElse("nothing with a kind")));
    }
    String version = document.path("apiVersion").asText();
    if (!version.equals(VERSION)) {
      return new Bad("%s: apiVersion is \"%s\"; it must be %s".formatted(file, version, VERSION));
    }
    var policy = yaml.readValue(text, ConnectionPolicy.class);
    var spec = Optional.ofNullable(policy.getSpec());
    if (spec.isEmpty()) {
      return new Bad(file + " has no spec");
    }
    String name =
        Optional.ofNullable(policy.getMetadata()).map(ObjectMeta::getName).orElse("local");
    return new Good(name, spec.get().resolved(0));
  }

  private static List<JsonNode> documents(YAMLMapper yaml, String text)
      throws JsonProcessingException {
    try (MappingIterator<JsonNode> each = yaml.readerFor(JsonNode.class).readValues(text)) {
      return each.readAll();
    } catch (JsonProcessingException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static String why(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> "there is no such file";
      case AccessDeniedException denied -> "permission denied";
      case CharacterCodingException binary -> "it is no text in UTF-8";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
