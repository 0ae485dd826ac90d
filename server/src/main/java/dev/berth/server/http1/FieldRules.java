package dev.berth.server.http1;

/**
 * What a handler may put into a response's fields: nothing that could end a line, and nothing that
 * the framing depends on.
 */
final class FieldRules {
  private FieldRules() {}

  /** Throws {@link IllegalArgumentException} for what may not be sent. */
  static void check(String name, String value) {
    if (!Ascii.isToken(name)) {
      throw new IllegalArgumentException("a field can't be named \"" + escaped(name) + "\"");
    }
    if (isOurs(name)) {
      throw new IllegalArgumentException(name + " is set by the server alone");
    }
    if (name.equalsIgnoreCase("Connection") && !value.equalsIgnoreCase("close")) {
      throw new IllegalArgumentException(
          "Connection can only be set to close, not to \"" + escaped(value) + "\"");
    }
    for (int at = 0; at < value.length(); at++) {
      char character = value.charAt(at);
      if (character > 255 || !Ascii.isFieldValue((byte) character)) {
        throw new IllegalArgumentException(
            "the value of " + name + " can't be \"" + escaped(value) + "\"");
      }
    }
  }

  private static boolean isOurs(String name) {
    return switch (name.length()) {
      case 10 -> name.equalsIgnoreCase("Keep-Alive");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  /** A Content-Length in bytes. */
  static long length(String value) {
    try {
      long length = Long.parseLong(value);
      if (length >= 0 && Character.isDigit(value.charAt(0))) {
        return length;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new IllegalArgumentException("Content-Length can't be \"" + escaped(value) + "\"");
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character >= ' ' && character < 127) {
        escaped.append(character);
      } else {
        escaped.append(String.format("\\u%04x", (int) character));
      }
    }
    return escaped.toString();
  }
}
