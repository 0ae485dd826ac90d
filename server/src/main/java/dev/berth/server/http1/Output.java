package dev.berth.server.http1;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes on their way to the client: gathered until they are worth a write, so that the answers to
 * pipelined requests leave in one. Owned by the connection's virtual thread.
 */
final class Output {
  private static final int ROOM = 8 * 1024;
  private static final byte[] LINE_END = {'\r', '\n'};

  private static final byte[] NONE = {};

  // None until there is something to hold.
  private byte[] bytes = NONE;
  private ByteBuffer view = ByteBuffer.wrap(NONE);
  private final Wire wire;
  private int end;
  // Where the present response begins, as long as none of it has been written.
  private int mark;
  private boolean written;

  Output(Wire wire) {
    this.wire = wire;
  }

  void clear() {
    end = 0;
    mark();
  }

  /** Gives up its memory until there is something to hold again, if there is nothing now. */
  void release() {
    if (end == 0) {
      hold(NONE);
    }
  }

  private void hold(byte[] memory) {
    bytes = memory;
    view = ByteBuffer.wrap(memory);
  }

  private int room() {
    if (bytes.length == 0) {
      hold(new byte[ROOM]);
    }
    return ROOM - end;
  }

  /** Remembers where a response begins. */
  void mark() {
    mark = end;
    written = false;
  }

  /** Forgets what came since the mark, unless some of it has been written: whether it could. */
  boolean rollback() {
    if (!written) {
      end = mark;
    }
    return !written;
  }

  /**
   * Adds a field's line to the head of the present response, unless some of that has been written
   * or there is no room.
   */
  void putIntoHead(byte[] line) {
    if (!written && line.length <= room()) {
      int at = mark;
      while (bytes[at] != '\r' || bytes[at + 2] != '\r') {
        at++;
      }
      at += LINE_END.length;
      System.arraycopy(bytes, at, bytes, at + line.length, end - at);
      System.arraycopy(line, 0, bytes, at, line.length);
      end += line.length;
    }
  }

  void put(byte octet) throws IOException {
    if (room() == 0) {
      flush();
    }
    bytes[end++] = octet;
  }

  void put(byte[] source) throws IOException {
    put(source, 0, source.length);
  }

  void put(byte[] source, int offset, int length) throws IOException {
    if (length > room()) {
      put(ByteBuffer.wrap(source, offset, length));
    } else {
      System.arraycopy(source, offset, bytes, end, length);
      end += length;
    }
  }

  /** Takes the bytes over, or writes them now, with what is held, if there is no room for them. */
  void put(ByteBuffer source) throws IOException {
    int length = source.remaining();
    if (length > room()) {
      written = true;
      mark = 0;
      view.limit(end).position(0);
      end = 0;
      wire.write(view, source);
    } else {
      source.get(bytes, end, length);
      end += length;
    }
  }

  /** Puts text that is known to be Latin-1. */
  void put(String text) throws IOException {
    for (int at = 0; at < text.length(); at++) {
      put((byte) text.charAt(at));
    }
  }

  void putLineEnd() throws IOException {
    put(LINE_END);
  }

  /** Puts a field's line, of which is known that nothing in it ends it. */
  void putField(String name, String value) throws IOException {
    put(name);
    put(": ");
    put(value);
    putLineEnd();
  }

  /** Puts the bytes, of which there are some, as a chunk (RFC 9112, 7.1). */
  void putChunk(ByteBuffer content) throws IOException {
    putHex(content.remaining());
    putLineEnd();
    put(content);
    putLineEnd();
  }

  void putDecimal(long number) throws IOException {
    if (number >= 10) {
      putDecimal(number / 10);
    }
    put((byte) ('0' + number % 10));
  }

  private void putHex(int number) throws IOException {
    if (number >= 16) {
      putHex(number >>> 4);
    }
    put((byte) Character.forDigit(number & 15, 16));
  }

  /**
   * Writes what came before the mark; what came since stays, unless some of it has been written.
   */
  void flushEarlier() throws IOException {
    if (mark > 0) {
      view.limit(mark).position(0);
      wire.write(view);
      System.arraycopy(bytes, mark, bytes, 0, end - mark);
      end -= mark;
      mark = 0;
    }
  }

  void flush() throws IOException {
    if (end > 0) {
      written |= end > mark;
      mark = 0;
      view.limit(end).position(0);
      end = 0;
      wire.write(view);
    }
  }
}
