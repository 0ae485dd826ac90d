package dev.berth.operator.local;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import dev.berth.operator.policy.Mistake;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the YAML reader found wrong, said to the person who wrote the file. */
final class MalformedPolicy {
  private MalformedPolicy() {}

  /** One line: the file, the line in it, what is wrong and what would be right. */
  static String sentence(Path file, String text, JsonProcessingException malformed) {
    String place =
        line(text, malformed)
            .filter(line -> line > 0)
            .map(line -> file + ", line " + line)
            .orElse(file.toString());
    return place + ": " + Mistake.sentence(malformed);
  }

  // A field's own line where one is named; the reader may be past it already.
  private static Optional<Integer> line(String text, JsonProcessingException malformed) {
    return Optional.of(malformed)
        .filter(JsonMappingException.class::isInstance)
        .map(JsonMappingException.class::cast)
        .flatMap(named -> FieldLines.of(text).nearest(dotted(named.getPath())))
        .or(() -> Optional.ofNullable(malformed.getLocation()).map(JsonLocation::getLineNr));
  }

  private static String dotted(List<Reference> references) {
    return references.stream()
        .map(each ->
            each.getFieldName() == null ? Integer.toString(each.getIndex()) : each.getFieldName())
        .collect(Collectors.joining("."));
  }
}
