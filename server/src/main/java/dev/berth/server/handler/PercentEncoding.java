package dev.berth.server.handler;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding (RFC 3986, 2.1) of UTF-8. What is not that is the client's mistake, and refused
 * with 400 rather than guessed at.
 */
final class PercentEncoding {
  private PercentEncoding() {}

  /** Decodes part of a path, in which {@code +} is itself. */
  static String decodePath(String text, int from, int to) {
    int first = text.indexOf('%', from, to);
    return first < 0 ? text.substring(from, to) : decode(text, from, to, false);
  }

  /** Decodes part of a query, in which forms send a space as {@code +}. */
  static String decodeQuery(String text, int from, int to) {
    boolean plain = text.indexOf('%', from, to) < 0 && text.indexOf('+', from, to) < 0;
    return plain ? text.substring(from, to) : decode(text, from, to, true);
  }

  private static String decode(String text, int from, int to, boolean plusIsSpace) {
    ByteBuffer bytes = ByteBuffer.allocate(to - from);
    int at = from;
    while (at < to) {
      char character = text.charAt(at);
      if (character == '%') {
        bytes.put(octet(text, at, to));
        at += 3;
      } else {
        bytes.put((byte) (character == '+' && plusIsSpace ? ' ' : character));
        at++;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException malformed) {
      throw new StatusException(
          400, "\"" + text.substring(from, to) + "\" is not percent-encoded UTF-8");
    }
  }

  private static byte octet(String text, int at, int to) {
    int high = at + 2 < to ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < to ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new StatusException(
          400, "\"" + text.substring(at, Math.min(at + 3, to)) + "\" is no percent-encoded octet");
    }
    return (byte) (high << 4 | low);
  }
}
