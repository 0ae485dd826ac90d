package dev.berth.operator.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a reader found wrong in a policy, said to the person who wrote it. */
public final class Mistake {
  private Mistake() {}

  /** One line: the field, what is wrong and what would be right. */
  public static String sentence(JsonProcessingException malformed) {
    return oneLine(
        switch (malformed) {
          case UnrecognizedPropertyException unknown ->
              "%s is no field; there are %s"
                  .formatted(path(unknown.getPath()), sorted(unknown.getKnownPropertyIds()));
          case InvalidFormatException value ->
              "%s is \"%s\"; it must be %s"
                  .formatted(
                      path(value.getPath()), value.getValue(), expected(value.getTargetType()));
          case ValueInstantiationException refused when refused.getCause() != null ->
              path(refused.getPath()) + ": " + refused.getCause().getMessage();
          case MismatchedInputException other ->
              "%s must be %s".formatted(path(other.getPath()), expected(other.getTargetType()));
          case JsonMappingException other ->
              path(other.getPath()) + ": " + other.getOriginalMessage();
          default -> "this is no YAML: " + malformed.getOriginalMessage();
        });
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
