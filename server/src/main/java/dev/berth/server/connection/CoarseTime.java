package dev.berth.server.connection;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A monotonic time in milliseconds, as of the sweeper's last round: what each step of each
 * connection can be stamped with for the cost of one read. Written by the sweeper, read by all.
 */
final class CoarseTime {
  private final LongSupplier nanoTime;
  private volatile long millis;

  CoarseTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.millis = read();
  }

  long millis() {
    return millis;
  }

  /** Reads the clock. */
  long advance() {
    long now = read();
    millis = now;
    return now;
  }

  private long read() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }
}
