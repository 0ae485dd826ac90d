package dev.berth.operator.local;

/**
 * A line of text in one style.
 *
 * @param code the terminal's number for the style (ECMA-48, SGR), 0 for none
 */
record Styled(String text, int code) {
  static Styled plain(String text) {
    return new Styled(text, 0);
  }

  static Styled bold(String text) {
    return new Styled(text, 1);
  }

  static Styled dim(String text) {
    return new Styled(text, 2);
  }

  static Styled red(String text) {
    return new Styled(text, 31);
  }

  static Styled green(String text) {
    return new Styled(text, 32);
  }

  static Styled yellow(String text) {
    return new Styled(text, 33);
  }

  /** This line in at most {@code width} columns, with an ellipsis where it was longer. */
  Styled cut(int width) {
    return text.length() <= width
        ? this
        : new Styled(text.substring(0, Math.max(0, width - 1)) + "…", code);
  }

  /** What to send to a terminal. */
  String escaped(boolean colour) {
    return colour && code != 0 ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
