package dev.berth.operator.decide;

/**
 * The sentences with which a bad value is refused: which field, which value, what would be right.
 */
final class Check {
  private Check() {}

  static void that(boolean right, String sentence) {
    if (!right) {
      throw new IllegalArgumentException(sentence);
    }
  }

  static void percent(String field, int value) {
    that(
        value >= 1 && value <= 100,
        "%s is %d; it must be a percentage, 1 to 100".formatted(field, value));
  }
}
