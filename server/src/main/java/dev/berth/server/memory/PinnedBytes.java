package dev.berth.server.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap that each connection holds from its start to its end, so that a test can
 * give a connection a known cost. The bytes are touched, so that they count in the working set at
 * once, and go back to the kernel when they are closed. Works on Linux.
 *
 * <p>Safe for any number of threads.
 */
public final class PinnedBytes {
  private static final Pin NOTHING = () -> {};

  private final long each;
  private final AtomicLong total = new AtomicLong();

  private PinnedBytes(long each) {
    this.each = each;
  }

  /**
   * Each pin holds this many bytes; 0: pins cost nothing.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static PinnedBytes each(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "the bytes pinned by each connection are " + bytes + ": they must be 0 or more");
    }
    return new PinnedBytes(bytes);
  }

  /**
   * Takes the bytes. The caller, any thread, closes the pin.
   *
   * @throws IllegalStateException if the kernel gives no more memory; nothing is held then
   */
  public Pin pin() {
    if (each == 0) {
      return NOTHING;
    }
    long address = AnonymousMapping.map(each);
    total.addAndGet(each);
    return new Mapped(address);
  }

  /**
   * From now on, until the process ends, loses so many bytes each second, as a leak does: nobody
   * can give them back. 0: none. Once the kernel gives no more, no more are lost.
   */
  public void lose(long bytesPerSecond) {
    if (bytesPerSecond == 0) {
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("leak")
        .start(() -> {
          try {
            while (true) {
              Thread.sleep(1_000);
              AnonymousMapping.map(bytesPerSecond);
              total.addAndGet(bytesPerSecond);
            }
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** The bytes pinned now. */
  public long total() {
    return total.get();
  }

  /** Bytes held until closed. */
  @FunctionalInterface
  public interface Pin extends AutoCloseable {
    /** Gives the bytes back. Once closed, closing again does nothing. */
    @Override
    void close();
  }

  private final class Mapped implements Pin {
    private static final long CLOSED = 0;

    // taken out by whoever closes first: to unmap twice could unmap what another connection was
    // given meanwhile
    private final AtomicLong address;

    Mapped(long address) {
      this.address = new AtomicLong(address);
    }

    @Override
    public void close() {
      long mine = address.getAndSet(CLOSED);
      if (mine != CLOSED) {
        AnonymousMapping.unmap(mine, each);
        total.addAndGet(-each);
      }
    }
  }
}
