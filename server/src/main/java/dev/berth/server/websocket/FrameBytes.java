package dev.berth.server.websocket;

import java.io.IOException;
import java.io.OutputStream;

/** A frame as a server sends it: whole, and without a mask (RFC 6455, 5.1 and 5.2). */
final class FrameBytes {
  private static final int FINAL = 0x80;
  private static final int IN_ONE_BYTE = 125;
  private static final int IN_TWO_BYTES = 0xffff;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int COPIED_AT_MOST = 16 * 1024;

  private FrameBytes() {}

  /** Writes it: in one go, unless the copy that this takes would be large. */
  static void write(OutputStream out, int opcode, byte[] payload) throws IOException {
    boolean inOne = payload.length <= COPIED_AT_MOST;
    int headSize = headSize(payload.length);
    byte[] bytes = new byte[headSize + (inOne ? payload.length : 0)];
    bytes[0] = (byte) (FINAL | opcode);
    putLength(bytes, payload.length);
    if (inOne) {
      System.arraycopy(payload, 0, bytes, headSize, payload.length);
    }
    out.write(bytes, 0, bytes.length);
    if (!inOne) {
      out.write(payload, 0, payload.length);
    }
  }

  private static int headSize(int length) {
    return length <= IN_ONE_BYTE ? 2 : length <= IN_TWO_BYTES ? 4 : 10;
  }

  private static void putLength(byte[] bytes, int length) {
    if (length <= IN_ONE_BYTE) {
      bytes[1] = (byte) length;
    } else if (length <= IN_TWO_BYTES) {
      bytes[1] = TWO_BYTES;
      bytes[2] = (byte) (length >>> 8);
      bytes[3] = (byte) length;
    } else {
      bytes[1] = EIGHT_BYTES;
      for (int at = 0; at < Integer.BYTES; at++) {
        bytes[9 - at] = (byte) (length >>> (Byte.SIZE * at));
      }
    }
  }
}
