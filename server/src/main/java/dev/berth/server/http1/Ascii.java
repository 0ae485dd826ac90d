package dev.berth.server.http1;

/**
 * The octet classes of RFC 9110, 5.5 and 5.6.2, and comparisons that leave the case of letters
 * aside.
 */
final class Ascii {
  static final byte CR = '\r';
  static final byte LF = '\n';
  static final byte SP = ' ';
  static final byte TAB = '\t';

  // Bits of CLASS, by octet.
  private static final byte TOKEN = 1;
  private static final byte FIELD_VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte HOST = 8;
  private static final byte[] CLASS = classes();

  private Ascii() {}

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      boolean alphanumeric = octet < 128 && Character.isLetterOrDigit(octet);
      boolean visible = octet > ' ' && octet < 127;
      int bits = 0;
      bits |= alphanumeric || contains("!#$%&'*+-.^_`|~", octet) ? TOKEN : 0;
      bits |= visible || octet >= 128 || octet == SP || octet == TAB ? FIELD_VALUE : 0;
      bits |= visible && octet != '#' ? TARGET : 0;
      bits |= alphanumeric || contains("-._~%!$&'()*+,;=:[]", octet) ? HOST : 0;
      classes[octet] = (byte) bits;
    }
    return classes;
  }

  private static boolean contains(String octets, int octet) {
    return octets.indexOf(octet) >= 0;
  }

  /** Whether the octet may stand in a method or a field name (tchar). */
  static boolean isToken(byte octet) {
    return (CLASS[octet & 0xff] & TOKEN) != 0;
  }

  /**
   * Whether the octet may stand in a field value: visible, space, tab, or above ASCII; no control,
   * no DEL.
   */
  static boolean isFieldValue(byte octet) {
    return (CLASS[octet & 0xff] & FIELD_VALUE) != 0;
  }

  /**
   * Whether the octet may stand in a request target: visible ASCII but the fragment's {@code #}.
   */
  static boolean isTarget(byte octet) {
    return (CLASS[octet & 0xff] & TARGET) != 0;
  }

  /** Whether the octet may stand in a host with its port. */
  static boolean isHost(byte octet) {
    return (CLASS[octet & 0xff] & HOST) != 0;
  }

  static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  static boolean isBlank(byte octet) {
    return octet == SP || octet == TAB;
  }

  static boolean isToken(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) > 127 || !isToken((byte) text.charAt(at))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Whether {@code bytes[from, to)} reads as {@code lowerCase}, whatever the case of its letters.
   */
  static boolean equalsIgnoringCase(byte[] bytes, int from, int to, String lowerCase) {
    if (to - from != lowerCase.length()) {
      return false;
    }
    for (int at = 0; at < lowerCase.length(); at++) {
      if (lower(bytes[from + at]) != lowerCase.charAt(at)) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
  }

  /** The octet as an error message names it. */
  static String show(byte octet) {
    return octet > ' ' && octet < 127
        ? "'" + (char) octet + "'"
        : String.format("0x%02x", octet & 0xff);
  }
}
