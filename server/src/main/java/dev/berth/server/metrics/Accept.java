package dev.berth.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which types of content a client takes, and how gladly (RFC 9110, 12.5.1): the media ranges of its
 * Accept fields with their weights. A range's other parameters are left aside. What is malformed
 * counts as not there.
 */
record Accept(List<Range> ranges) {
  // type/subtype, and then parameters, whose values may be quoted and hold any delimiter
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
  private static final Pattern RANGE =
      Pattern.compile(
          "(?<type>%1$s/%1$s)(?<parameters>(?:\\s*;\\s*(?:%1$s=(?:%1$s|%2$s))?)*+)\\s*(?:,|$)"
              .formatted(TOKEN, QUOTED));
  private static final Pattern PARAMETER =
      Pattern.compile("(?<name>%1$s)=(?<value>%1$s|%2$s)".formatted(TOKEN, QUOTED));
  private static final Pattern WEIGHT = Pattern.compile("0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?");

  /** A type, all subtypes of one, or all types, in lower case; and its weight, 0 to 1. */
  record Range(String type, double weight) {}

  /** Of all fields of that name; without any, everything is as welcome. */
  static Accept of(List<String> values) {
    List<Range> ranges = new ArrayList<>();
    for (String value : values) {
      Matcher range = RANGE.matcher(value);
      while (range.find()) {
        String type = range.group("type").toLowerCase(Locale.ROOT);
        ranges.add(new Range(type, weight(range.group("parameters"))));
      }
    }
    return new Accept(List.copyOf(ranges));
  }

  private static double weight(String parameters) {
    return PARAMETER
        .matcher(parameters)
        .results()
        .filter(parameter -> parameter.group("name").equalsIgnoreCase("q"))
        .map(parameter -> parameter.group("value"))
        .filter(value -> WEIGHT.matcher(value).matches())
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElse(1);
  }

  /** Whether a range is this very type. */
  boolean names(String type) {
    return ranges.stream().anyMatch(range -> range.type.equals(type));
  }

  /** How gladly it is taken, by the most specific ranges that cover it; 0 if not at all. */
  double weightOf(String type) {
    String any = type.substring(0, type.indexOf('/')) + "/*";
    for (String covering : List.of(type, any, "*/*")) {
      if (names(covering)) {
        return ranges.stream()
            .filter(range -> range.type.equals(covering))
            .mapToDouble(Range::weight)
            .max()
            .orElse(0);
      }
    }
    return ranges.isEmpty() ? 1 : 0;
  }

  /** Whether the first type is to be sent rather than the second, which is what goes unasked. */
  boolean prefers(String type, String usual) {
    double weight = weightOf(type);
    return weight > weightOf(usual) || (weight > 0 && weight == weightOf(usual) && names(type));
  }
}
