package dev.berth.server.websocket;

import java.nio.charset.StandardCharsets;

/**
 * What a close frame says (RFC 6455, 5.5.1).
 *
 * @param code {@link CloseCode#NO_CODE} if it says none
 */
record CloseBody(int code, String reason) {
  private static final byte[] NOTHING = {};

  static CloseBody parse(byte[] payload) throws Violation {
    if (payload.length == 0) {
      return new CloseBody(CloseCode.NO_CODE, "");
    }
    if (payload.length == 1) {
      throw Violation.ofProtocol("a close code has two bytes, not one");
    }
    int code = ((payload[0] & 0xff) << Byte.SIZE) | (payload[1] & 0xff);
    if (!CloseCode.isSendable(code)) {
      throw Violation.ofProtocol("the close code " + code + " is never sent");
    }
    Utf8Check check = new Utf8Check();
    if (!check.goesOn(payload, Short.BYTES, payload.length) || !check.isWhole()) {
      throw Violation.ofUtf8();
    }
    String reason =
        new String(payload, Short.BYTES, payload.length - Short.BYTES, StandardCharsets.UTF_8);
    return new CloseBody(code, reason);
  }

  /** The answer to it. */
  byte[] echo() {
    return code == CloseCode.NO_CODE ? NOTHING : bytes(code, "");
  }

  static byte[] bytes(int code, String reason) {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[Short.BYTES + words.length];
    body[0] = (byte) (code >>> Byte.SIZE);
    body[1] = (byte) code;
    System.arraycopy(words, 0, body, Short.BYTES, words.length);
    return body;
  }
}
