package dev.berth.server.handler;

import java.util.List;
import java.util.stream.Stream;

/** A field whose value is a list, such as Connection or Upgrade (RFC 9110, 5.6.1). */
public final class ListField {
  private ListField() {}

  /**
   * The elements of a list, without the empty ones.
   *
   * @param values of all the fields of its name, as {@link Request#headers} gives them
   */
  public static Stream<String> elements(List<String> values) {
    return values.stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .filter(element -> !element.isEmpty());
  }
}
