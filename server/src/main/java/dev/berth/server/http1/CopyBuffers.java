package dev.berth.server.http1;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for passing content on. At most {@value #LARGE} large ones, outside the heap, are lent at
 * once, however many slow clients there are; who comes later gets a small one. Safe for any number
 * of threads, without a lock.
 */
final class CopyBuffers {
  private static final int LARGE = 16;
  private static final int LARGE_ROOM = 64 * 1024;
  private static final int SMALL_ROOM = 8 * 1024;

  private static final AtomicInteger LENT = new AtomicInteger();
  private static final AtomicReferenceArray<@Nullable ByteBuffer> KEPT =
      new AtomicReferenceArray<>(LARGE);

  private CopyBuffers() {}

  /** Lends one for so much content; whoever borrows it gives it back. */
  static ByteBuffer borrow(long content) {
    if (content <= SMALL_ROOM) {
      return ByteBuffer.allocate(SMALL_ROOM);
    }
    if (LENT.incrementAndGet() > LARGE) {
      LENT.decrementAndGet();
      return ByteBuffer.allocate(SMALL_ROOM);
    }
    for (int place = 0; place < LARGE; place++) {
      ByteBuffer kept = KEPT.getAndSet(place, null);
      if (kept != null) {
        return kept;
      }
    }
    try {
      return ByteBuffer.allocateDirect(LARGE_ROOM);
    } catch (OutOfMemoryError none) {
      LENT.decrementAndGet();
      throw none;
    }
  }

  static void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() < LARGE_ROOM) {
      return;
    }
    for (int place = 0; place < LARGE; place++) {
      if (KEPT.compareAndSet(place, null, buffer)) {
        break;
      }
    }
    LENT.decrementAndGet();
  }
}
