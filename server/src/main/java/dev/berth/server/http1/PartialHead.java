package dev.berth.server.http1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What has come of a request's head, for who gathers the rest of it and has it parsed only when
 * that can tell something. Its memory counts among {@link LargeHeads} until it is {@link #free}d.
 * Safe for any thread.
 */
public final class PartialHead {
  /** Nothing, which can't become more. */
  public static final PartialHead NONE = of(new byte[0]);

  private static final byte CR = '\r';
  private static final byte LF = '\n';

  /** Its size is looked at when it has so many bytes, and each time it has doubled. */
  private static final int LOOKED_AT = 1024;

  // Room for as much again is made by eighths: many wait with little, and each byte of much may
  // come alone.
  private static final int LEAST_ROOM = 64;

  private final LargeHeads heads;
  private byte[] bytes;
  private int length;
  private boolean freed;

  PartialHead(LargeHeads heads, byte[] bytes) {
    this.heads = heads;
    this.bytes = bytes;
    this.length = bytes.length;
    heads.resized(0, length);
  }

  /** Few bytes, which count nowhere. */
  public static PartialHead of(byte[] few) {
    return new PartialHead(LargeHeads.UNBOUNDED, few);
  }

  /** Whether nothing has come. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** What has come. */
  public synchronized ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** Counts no more; what is added from here on does neither. */
  public synchronized void free() {
    if (!freed) {
      freed = true;
      heads.resized(bytes.length, 0);
    }
  }

  /**
   * Adds what has come since.
   *
   * @return whether to parse it, as it is whole, or may be wrong: because of an empty line in what
   *     was added, a line that ends with LF alone or the end of the first line; or for its size
   */
  public synchronized boolean add(ByteBuffer piece) {
    if (this == NONE) {
      throw new IllegalStateException(
          "what all share that have no head can't become one of them's");
    }
    int known = length;
    int now = known + piece.remaining();
    if (now > bytes.length) {
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, now + Math.max(LEAST_ROOM, known / 8));
      if (!freed) {
        heads.resized(before, bytes.length);
      }
    }
    piece.get(bytes, known, now - known);
    length = now;
    return heads.refuses(bytes.length)
        || Integer.highestOneBit(known / LOOKED_AT) != Integer.highestOneBit(now / LOOKED_AT)
        || tellsSomethingFrom(known);
  }

  private boolean tellsSomethingFrom(int known) {
    for (int at = known; at < length; at++) {
      if (bytes[at] == LF && (endsHead(at) || isFirst(at))) {
        return true;
      }
    }
    return false;
  }

  private boolean endsHead(int lineEnd) {
    return lineEnd < 2 || bytes[lineEnd - 1] != CR || bytes[lineEnd - 2] == LF;
  }

  private boolean isFirst(int lineEnd) {
    for (int at = 0; at < lineEnd; at++) {
      if (bytes[at] == LF) {
        return false;
      }
    }
    return true;
  }
}
