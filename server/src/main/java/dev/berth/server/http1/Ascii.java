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
  private static final byte PATH = 4;
  private static final byte QUERY = 8;
  private static final byte HOST = 16;
  private static final byte VISIBLE = 32;
  private static final byte[] CLASS = classes();
  private static final byte[] HEX_DIGITS = hexDigits();

  private Ascii() {}

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      boolean alphanumeric = octet < 128 && Character.isLetterOrDigit(octet);
      boolean visible = octet > ' ' && octet < 127;
      int bits = 0;
      bits |= alphanumeric || contains("!#$%&'*+-.^_`|~", octet) ? TOKEN : 0;
      bits |= visible || octet >= 128 || octet == SP || octet == TAB ? FIELD_VALUE : 0;
      bits |= alphanumeric || contains("-._~!$&'()*+,;=:@/[]^|", octet) ? PATH : 0;
      bits |= alphanumeric || contains("-._~!$&'()*+,;=:@/?[\\]^`{|}", octet) ? QUERY : 0;
      bits |= alphanumeric || contains("-._~!$&'()*+;=", octet) ? HOST : 0;
      bits |= visible ? VISIBLE : 0;
      classes[octet] = (byte) bits;
    }
    return classes;
  }

  private static byte[] hexDigits() {
    byte[] digits = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      digits[octet] = (byte) (octet < 128 ? Character.digit(octet, 16) : -1);
    }
    return digits;
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
   * Whether the octet may stand in a target's path as it is, {@code %} aside: what RFC 3986, 3.3
   * allows, and {@code [ ] ^ |}, which browsers send there although it doesn't.
   */
  static boolean isPath(byte octet) {
    return (CLASS[octet & 0xff] & PATH) != 0;
  }

  /**
   * Whether the octet may stand in a target's query as it is, {@code %} aside: what RFC 3986, 3.4
   * allows, and {@code [ \ ] ^ ` { | }}, which browsers send there although it doesn't.
   */
  static boolean isQuery(byte octet) {
    return (CLASS[octet & 0xff] & QUERY) != 0;
  }

  /**
   * Whether the octet may stand in a host's name as it is (RFC 3986, 3.2.2), {@code %} aside; no
   * comma, which would make it look like a list.
   */
  static boolean isHost(byte octet) {
    return (CLASS[octet & 0xff] & HOST) != 0;
  }

  /** Whether the octet is printed ASCII, no space. */
  static boolean isVisible(byte octet) {
    return (CLASS[octet & 0xff] & VISIBLE) != 0;
  }

  static boolean isHexDigit(byte octet) {
    return hexDigit(octet) >= 0;
  }

  /** The value of a hexadecimal digit of either case; negative if it is none. */
  static int hexDigit(byte octet) {
    return HEX_DIGITS[octet & 0xff];
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
