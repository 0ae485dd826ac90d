package dev.berth.operator.observe;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One line after the other of the Prometheus text format: {@code name{label="value",...} number},
 * with whatever follows the number (a timestamp, an exemplar) left out. Lines are read where they
 * stand, since an operator reads some 150,000 a second of 10,000 pods: nothing is made of one but
 * its number.
 *
 * <p>Owned by one thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
final class Series {
  /** Whole numbers up to this one, and powers of ten up to the 22nd, are doubles exactly. */
  private static final long EXACT = 1L << 53;

  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  private final byte[] text;
  private final int to;
  private int next;
  private int at;
  private int end;
  private int labelFrom;
  private int labelTo;
  private double value;

  /** The lines of {@code text} from one index up to another. */
  Series(byte[] text, int from, int to) {
    this.text = text;
    this.next = from;
    this.to = to;
  }

  /** Whether {@code text} from one index up to another is {@code word}, of ASCII. */
  static boolean same(byte[] text, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    // From its end: the names have their beginning in common
    for (int i = word.length() - 1; i >= 0; i--) {
      if (text[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The metric of the next line that tells one with a finite value; absent after the last. */
  Optional<Metric> next() {
    while (next < to) {
      Optional<Metric> metric = line();
      if (metric.isPresent()) {
        return metric;
      }
    }
    return Optional.empty();
  }

  /** The number of the line. */
  double value() {
    return value;
  }

  /** Whether the label that matters has this value. */
  boolean labelled(String word) {
    return same(text, labelFrom, labelTo, word);
  }

  /**
   * Reads a line; absent for a comment, another metric, a number that is none, or anything else.
   */
  private Optional<Metric> line() {
    at = next;
    end = at;
    while (end < to && text[end] != '\n') {
      end++;
    }
    next = end + 1;
    labelFrom = 0;
    labelTo = 0;
    int name = at;
    if (at == end || text[at] != 'b') {
      return Optional.empty();
    }
    while (at < end && text[at] != '{' && !blank(text[at])) {
      at++;
    }
    Optional<Metric> metric = Metric.named(text, name, at);
    return metric.isPresent() && labels(metric.get()) && number() ? metric : Optional.empty();
  }

  private static boolean blank(byte character) {
    return character == ' ' || character == '\t' || character == '\r';
  }

  private void blanks() {
    while (at < end && blank(text[at])) {
      at++;
    }
  }

  private boolean take(char expected) {
    boolean there = at < end && text[at] == expected;
    at += there ? 1 : 0;
    return there;
  }

  /** Steps over the labels, if there are any; false where they have no end, or aren't labels. */
  private boolean labels(Metric metric) {
    blanks();
    if (!take('{')) {
      return true;
    }
    for (blanks(); !take('}'); blanks()) {
      int key = at;
      while (at < end && text[at] != '=' && text[at] != '}' && !blank(text[at])) {
        at++;
      }
      boolean wanted = metric.labelled(text, key, at);
      blanks();
      if (!take('=')) {
        return false;
      }
      blanks();
      if (!take('"')) {
        return false;
      }
      int from = at;
      while (at < end && text[at] != '"') {
        at += text[at] == '\\' ? 2 : 1;
      }
      if (wanted) {
        labelFrom = from;
        labelTo = Math.min(at, end);
      }
      take('"');
      blanks();
      take(',');
    }
    return true;
  }

  /** Reads the number; false if it is none, or not finite. */
  private boolean number() {
    blanks();
    int from = at;
    while (at < end && !blank(text[at])) {
      at++;
    }
    if (!plain(from, at)) {
      try {
        value = Double.parseDouble(new String(text, from, at - from, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException notANumber) {
        return false;
      }
    }
    return Double.isFinite(value);
  }

  /**
   * Reads a number such as 840, 840.0 or 1.34217728E8, of digits and an exponent that doubles hold
   * exactly (Clinger, "How to Read Floating Point Numbers Accurately", 1990); false for others.
   */
  private boolean plain(int from, int to) {
    long digits = 0;
    int scale = 0;
    boolean fraction = false;
    int i = from;
    for (; i < to && (text[i] | 0x20) != 'e'; i++) {
      if (text[i] == '.' && !fraction) {
        fraction = true;
      } else if (text[i] >= '0' && text[i] <= '9' && digits < EXACT / 10) {
        digits = 10 * digits + text[i] - '0';
        scale -= fraction ? 1 : 0;
      } else {
        return false;
      }
    }
    if (i == from || (fraction && i == from + 1)) {
      return false;
    }
    if (i < to) {
      // One digit or two, and no sign: what else there may be is rare
      int exponent = to - i - 1;
      if (exponent < 1 || exponent > 2) {
        return false;
      }
      int power = 0;
      for (i++; i < to; i++) {
        if (text[i] < '0' || text[i] > '9') {
          return false;
        }
        power = 10 * power + text[i] - '0';
      }
      scale += power;
    }
    if (Math.abs(scale) >= TENS.length) {
      return false;
    }
    value = scale < 0 ? digits / TENS[-scale] : digits * TENS[scale];
    return true;
  }
}
