package dev.berth.operator.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the Prometheus text format: {@code name{label="value",...} number}, with whatever
 * follows the number (a timestamp, an exemplar) left out.
 *
 * @param labels by name
 * @param value finite
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
record Series(String name, Map<String, String> labels, double value) {

  /**
   * The series that a line tells; absent for a comment, a number that is none, or anything else.
   */
  static Optional<Series> of(String line) {
    var rest = new Line(line);
    String name = rest.until("{ \t");
    rest.blanks();
    var labels = new HashMap<String, String>();
    if (rest.take('{') && !rest.labels(labels)) {
      return Optional.empty();
    }
    rest.blanks();
    try {
      double value = Double.parseDouble(rest.until(" \t"));
      return Double.isFinite(value)
          ? Optional.of(new Series(name, Map.copyOf(labels), value))
          : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** A line, read from left to right. */
  private static final class Line {
    private final String text;
    private int at;

    Line(String text) {
      this.text = text;
    }

    boolean take(char expected) {
      boolean there = at < text.length() && text.charAt(at) == expected;
      at += there ? 1 : 0;
      return there;
    }

    void blanks() {
      while (at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    String until(String stops) {
      int start = at;
      while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    /** Reads labels up to the closing brace; false where there is none, or no label. */
    boolean labels(Map<String, String> into) {
      for (blanks(); !take('}'); blanks()) {
        String key = until("= \t}");
        blanks();
        if (!take('=')) {
          return false;
        }
        blanks();
        if (!take('"')) {
          return false;
        }
        into.put(key, quoted());
        blanks();
        take(',');
      }
      return true;
    }

    private String quoted() {
      var value = new StringBuilder();
      while (at < text.length() && !take('"')) {
        char next = text.charAt(at++);
        if (next == '\\' && at < text.length()) {
          char escaped = text.charAt(at++);
          next = escaped == 'n' ? '\n' : escaped;
        }
        value.append(next);
      }
      return value.toString();
    }
  }
}
