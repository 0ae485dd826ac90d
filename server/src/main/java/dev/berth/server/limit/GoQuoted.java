package dev.berth.server.limit;

import java.util.Optional;

/**
 * A string as Go's {@code strconv.Quote} writes it, and so as the kubelet writes an annotation's
 * value: in double quotes, every quote, backslash, control and non-printing character escaped. A
 * newline in the value is therefore never a newline in the file.
 *
 * @see <a href="https://go.dev/ref/spec#String_literals">Go, interpreted string literals</a>
 */
final class GoQuoted {
  private final String text;
  private final StringBuilder value = new StringBuilder();
  private int at = 1;

  private GoQuoted(String text) {
    this.text = text;
  }

  /** The value, or empty if the text is not one whole quoted string. */
  static Optional<String> unquote(String text) {
    if (text.length() < 2 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
      return Optional.empty();
    }
    GoQuoted quoted = new GoQuoted(text);
    return quoted.decode() ? Optional.of(quoted.value.toString()) : Optional.empty();
  }

  private boolean decode() {
    int end = text.length() - 1;
    while (at < end) {
      char c = text.charAt(at++);
      if (c == '"' || c == '\n' || (c == '\\' && !escape(end))) {
        return false;
      }
      if (c != '\\') {
        value.append(c);
      }
    }
    return at == end; // an escape that swallowed the closing quote goes beyond it
  }

  private boolean escape(int end) {
    if (at >= end) {
      return false;
    }
    char kind = text.charAt(at++);
    return switch (kind) {
      case 'a' -> append('\u0007');
      case 'b' -> append('\b');
      case 'f' -> append('\f');
      case 'n' -> append('\n');
      case 'r' -> append('\r');
      case 't' -> append('\t');
      case 'v' -> append('\u000b');
      case '\\', '"' -> append(kind);
      case 'x' -> hex(2, end);
      case 'u' -> hex(4, end);
      case 'U' -> hex(8, end);
      default -> false;
    };
  }

  private boolean append(int codePoint) {
    value.appendCodePoint(codePoint);
    return true;
  }

  private boolean hex(int digits, int end) {
    long codePoint = 0;
    for (int last = at + digits; at < last; at++) {
      int digit = at < end ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0 || text.charAt(at) > 'f') {
        return false;
      }
      codePoint = codePoint << 4 | digit;
    }
    if (codePoint > Character.MAX_CODE_POINT) {
      return false;
    }
    // \x80 and above is a byte that was not UTF-8, in a value that means nothing to us
    return append(digits == 2 && codePoint > 0x7f ? 0xfffd : (int) codePoint);
  }
}
