package dev.berth.benchmarks.differential;

/**
 * Octets as a line of visible ASCII: {@code \r}, {@code \n}, {@code \t}, {@code \\} and {@code
 * \x00}.
 */
final class Escapes {
  private Escapes() {}

  static String escape(String octets) {
    var escaped = new StringBuilder();
    for (int at = 0; at < octets.length(); at++) {
      char octet = octets.charAt(at);
      switch (octet) {
        case '\r' -> escaped.append("\\r");
        case '\n' -> escaped.append("\\n");
        case '\t' -> escaped.append("\\t");
        case '\\' -> escaped.append("\\\\");
        default -> {
          if (octet >= ' ' && octet < 127) {
            escaped.append(octet);
          } else {
            escaped.append(String.format("\\x%02x", (int) octet));
          }
        }
      }
    }
    return escaped.toString();
  }

  static String unescape(String line) {
    var octets = new StringBuilder();
    int at = 0;
    while (at < line.length()) {
      char character = line.charAt(at++);
      if (character != '\\') {
        octets.append(character);
        continue;
      }
      char code = line.charAt(at++);
      switch (code) {
        case 'r' -> octets.append('\r');
        case 'n' -> octets.append('\n');
        case 't' -> octets.append('\t');
        case '\\' -> octets.append('\\');
        case 'x' -> {
          octets.append((char) Integer.parseInt(line, at, at + 2, 16));
          at += 2;
        }
        default -> throw new IllegalArgumentException("no escape is \\" + code + " in: " + line);
      }
    }
    return octets.toString();
  }
}
