package dev.berth.server.websocket;

import dev.berth.server.handler.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** What a client has to ask for a WebSocket, and how it is answered (RFC 6455, 4.2). */
final class Handshake {
  static final String PROTOCOL = "websocket";
  static final String VERSION = "13";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;
  // Never used itself.
  private static final MessageDigest SHA_1 = sha1();

  private Handshake() {}

  /** Whether it asks for a WebSocket at all, of whatever version. */
  static boolean isAskedFor(Request request) {
    return request.asksToUpgradeTo(PROTOCOL);
  }

  static boolean isOfOurVersion(Request request) {
    return request.headers("Sec-WebSocket-Version").equals(List.of(VERSION));
  }

  /** Whether it has one key, of 16 bytes in Base64. */
  static boolean hasKey(Request request) {
    List<String> keys = request.headers("Sec-WebSocket-Key");
    if (keys.size() != 1 || keys.getFirst().length() != KEY_CHARACTERS) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** What shows that the key has been read by somebody who speaks WebSocket. */
  static String accept(Request request) {
    String key = request.header("Sec-WebSocket-Key").orElseThrow();
    byte[] hash = hash().digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    return Base64.getEncoder().encodeToString(hash);
  }

  // A copy, as to ask for a new one leaves each thread with thread locals for as long as it lives.
  private static MessageDigest hash() {
    try {
      return (MessageDigest) SHA_1.clone();
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException impossible) {
      // Each Java platform has it.
      throw new AssertionError(impossible);
    }
  }
}
