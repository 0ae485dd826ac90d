package dev.berth.operator.decide;

import com.google.errorprone.annotations.FormatMethod;

/**
 * The sentences with which a bad value is refused: which field, which value, what would be right.
 */
final class Check {
  private Check() {}

  /** The sentence is made only where it is needed: most values are right, each second. */
  @FormatMethod
  static void that(boolean right, String sentence, Object... figures) {
    if (!right) {
      throw new IllegalArgumentException(sentence.formatted(figures));
    }
  }

  static void percent(String field, int value) {
    that(value >= 1 && value <= 100, "%s is %d; it must be a percentage, 1 to 100", field, value);
  }
}
