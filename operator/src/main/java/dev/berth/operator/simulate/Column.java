package dev.berth.operator.simulate;

import dev.berth.server.memory.ByteSize;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column of a trace's file: its name is the constant's in lower case. */
enum Column {
  TIME("a time, as 90, 90s, 5m or 2h"),
  CONNECTIONS("how many connections clients want, a number from 0"),
  COST("what a connection takes, as 64Ki or 65536"),
  CHURN("the part of the connections replaced each second, 0 to 1, as 0.01 or 1%"),
  BUSY("the part of the connections that ask at intervals, 0 to 1, as 0.5 or 50%"),
  METRICS_LOST("the part of the pods that can't be observed, 0 to 1, as 1 or 100%"),
  PODS_KILLED("how many pods are gone at once, a whole number from 0"),
  LEAK("what the first pod loses of its memory each second, as 64Ki or 65536"),
  LEAK_ALL("what each pod loses of its memory each second, as 64Ki or 65536"),
  HOT_DRAW("how many times as many new connections the first pod is given, a number from 0"),
  HOT_COST("how many times as much a connection costs in the first pod, a number from 0");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final Pattern PARTS = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");
  private static final Pattern TIMES = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([smh]?)");

  private final String right;

  Column(String right) {
    this.right = right;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What its values must be, in words. */
  String right() {
    return right;
  }

  static Optional<Column> named(String word) {
    for (Column column : values()) {
      if (column.word().equals(word)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  /** A value, as a number: seconds, bytes, parts of 1, or so many. Empty if it is none. */
  Optional<Double> value(String text) {
    return switch (this) {
      case TIME -> seconds(text);
      case COST, LEAK, LEAK_ALL -> bytes(text);
      case CHURN, BUSY, METRICS_LOST -> part(text);
      case CONNECTIONS, HOT_DRAW, HOT_COST -> number(text);
      case PODS_KILLED -> number(text).filter(each -> each == Math.rint(each));
    };
  }

  private static Optional<Double> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
  }

  private static Optional<Double> part(String text) {
    Matcher parts = PARTS.matcher(text);
    return parts.matches()
        ? Optional.of(Double.parseDouble(parts.group(1)) / (parts.group(2).isEmpty() ? 1 : 100))
            .filter(each -> each <= 1)
        : Optional.empty();
  }

  private static Optional<Double> seconds(String text) {
    Matcher times = TIMES.matcher(text);
    if (!times.matches()) {
      return Optional.empty();
    }
    double count = Double.parseDouble(times.group(1));
    return Optional.of(
        switch (times.group(2)) {
          case "h" -> count * 3600;
          case "m" -> count * 60;
          default -> count;
        });
  }

  private static Optional<Double> bytes(String text) {
    try {
      return Optional.of((double) ByteSize.parse(text));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }
}
