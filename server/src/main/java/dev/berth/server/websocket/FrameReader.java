package dev.berth.server.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Finds a client's frames in what comes (RFC 6455, 5.2), and refuses what is none. While it waits
 * for a frame's first byte it holds that byte's place and no more. Owned by the connection's
 * virtual thread.
 */
final class FrameReader {
  private static final int FINAL = 0x80;
  private static final int RESERVED = 0x70;
  private static final int OPCODE = 0x0f;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int IN_ONE_BYTE = 125;
  private static final int TWO_BYTES = 126;
  private static final int AT_ONCE = 512;
  private static final int ROOM_AT_FIRST = 4 * 1024;
  private static final int READ_AT_MOST = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final InputStream in;
  // What has been read and not been looked at; none while it waits.
  private byte[] bytes = NOTHING;
  private int position;
  private int end;

  // The present frame.
  private boolean last;
  private int opcode;
  private long length;
  private int mask;

  FrameReader(InputStream in) {
    this.in = in;
  }

  /** Whether the frame is the last of its message. */
  boolean isLast() {
    return last;
  }

  int opcode() {
    return opcode;
  }

  /** How long the frame's payload is; it is still to be read. */
  long length() {
    return length;
  }

  /** Waits for the next frame, and reads its head; false if the stream ends before it. */
  boolean next() throws IOException, Violation {
    if (position == end && !begin()) {
      return false;
    }
    parseFirst(take());
    int second = take();
    if ((second & MASKED) == 0) {
      throw Violation.ofProtocol("a client's frame has to be masked");
    }
    length = length(second & LENGTH);
    mask = (int) number(Integer.BYTES);
    return true;
  }

  // Frames shallow and objects few: this is what a thread is parked in.
  private boolean begin() throws IOException {
    bytes = NOTHING;
    byte[] first = new byte[1];
    if (in.read(first, 0, 1) < 0) {
      return false;
    }
    bytes = new byte[AT_ONCE];
    bytes[0] = first[0];
    position = 0;
    end = 1;
    return true;
  }

  private void parseFirst(int octet) throws Violation {
    last = (octet & FINAL) != 0;
    opcode = octet & OPCODE;
    if ((octet & RESERVED) != 0) {
      throw Violation.ofProtocol("a reserved bit is set, but no extension was agreed on");
    }
    if (!Opcode.isKnown(opcode)) {
      throw Violation.ofProtocol("the opcode " + opcode + " is reserved");
    }
    if (!last && Opcode.isControl(opcode)) {
      throw Violation.ofProtocol("a control frame can't be fragmented");
    }
  }

  private long length(int inFirst) throws IOException, Violation {
    if (inFirst <= IN_ONE_BYTE) {
      return inFirst;
    }
    if (Opcode.isControl(opcode)) {
      throw Violation.ofProtocol("a control frame's payload can't be longer than 125 bytes");
    }
    int size = inFirst == TWO_BYTES ? Short.BYTES : Long.BYTES;
    long number = number(size);
    if (number < 0) {
      throw Violation.ofProtocol("a length's first bit is set");
    }
    if (number <= (size == Short.BYTES ? IN_ONE_BYTE : 0xffff)) {
      throw Violation.ofProtocol("the length " + number + " is not written in its shortest form");
    }
    return number;
  }

  private long number(int size) throws IOException {
    long number = 0;
    for (int at = 0; at < size; at++) {
      number = number << Byte.SIZE | take();
    }
    return number;
  }

  private int take() throws IOException {
    if (position == end) {
      end = Math.max(0, in.read(bytes, 0, bytes.length));
      position = 0;
      if (end == 0) {
        throw truncated();
      }
    }
    return bytes[position++] & 0xff;
  }

  private static EOFException truncated() {
    return new EOFException("the client has ended in the middle of a frame");
  }

  /**
   * Reads the present frame's payload behind what there is of its message already, as it comes: a
   * length that a client only claims costs nothing.
   *
   * @param check sees it as it comes, so that what is no text is known at once
   * @return the message so far, exactly
   */
  byte[] payload(byte[] before, PayloadCheck check) throws IOException, Violation {
    byte[] message = before;
    int filled = before.length;
    int total = Math.toIntExact(filled + length);
    while (filled < total) {
      if (filled == message.length) {
        // What is claimed and doesn't come costs no more than as much again.
        message = Arrays.copyOf(message, Math.min(total, filled + Math.max(filled, ROOM_AT_FIRST)));
      }
      int count = read(message, filled);
      unmask(message, filled, count, filled - before.length);
      if (!check.goesOn(message, filled, filled + count)) {
        throw Violation.ofUtf8();
      }
      filled += count;
    }
    return message;
  }

  private int read(byte[] message, int at) throws IOException {
    int room = Math.min(message.length - at, READ_AT_MOST);
    int buffered = Math.min(end - position, room);
    if (buffered > 0) {
      System.arraycopy(bytes, position, message, at, buffered);
      position += buffered;
      return buffered;
    }
    int count = in.read(message, at, room);
    if (count < 0) {
      throw truncated();
    }
    return count;
  }

  /**
   * Takes the mask off (RFC 6455, 5.3).
   *
   * @param offset of the first byte in the frame's payload
   */
  private void unmask(byte[] message, int from, int count, int offset) {
    int turned = Integer.rotateLeft(mask, offset % Integer.BYTES * Byte.SIZE);
    for (int at = 0; at < count; at++) {
      turned = Integer.rotateLeft(turned, Byte.SIZE);
      message[from + at] ^= (byte) turned;
    }
  }
}
