package dev.berth.operator.local;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
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
    return place + ": " + oneLine(wrong(malformed));
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

  private static String wrong(JsonProcessingException malformed) {
    return switch (malformed) {
      case UnrecognizedPropertyException unknown ->
          "%s is no field; there are %s"
              .formatted(path(unknown.getPath()), sorted(unknown.getKnownPropertyIds()));
      case InvalidFormatException value ->
          "%s is \"%s\"; it must be %s"
              .formatted(path(value.getPath()), value.getValue(), expected(value.getTargetType()));
      case ValueInstantiationException refused when refused.getCause() != null ->
          path(refused.getPath()) + ": " + refused.getCause().getMessage();
      case MismatchedInputException other ->
          "%s must be %s".formatted(path(other.getPath()), expected(other.getTargetType()));
      case JsonMappingException other -> path(other.getPath()) + ": " + other.getOriginalMessage();
      default -> "this is no YAML: " + malformed.getOriginalMessage();
    };
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      var words = new ObjectMapper();
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> words.convertValue(constant, String.class))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a whole number";
    }
    return type == String.class ? "a text" : "a mapping of fields";
  }

  private static String path(List<Reference> references) {
    var path = new StringBuilder();
    for (Reference each : references) {
      path.append(
          each.getFieldName() == null
              ? "[" + each.getIndex() + "]"
              : (path.isEmpty() ? "" : ".") + each.getFieldName());
    }
    return path.isEmpty() ? "the document" : path.toString();
  }

  private static String sorted(Collection<Object> names) {
    return names.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }

  private static String oneLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
