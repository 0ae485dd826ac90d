package dev.berth.server.websocket;

/** What a frame is (RFC 6455, 5.2), as the low four bits of its first byte. */
final class Opcode {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xa;

  private static final int CONTROL = 0x8;

  private Opcode() {}

  static boolean isKnown(int opcode) {
    return opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
  }

  static boolean isControl(int opcode) {
    return opcode >= CONTROL;
  }
}
