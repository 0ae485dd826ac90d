package dev.berth.server.memory;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when a full collection is worth its pause, to know how much of the heap is alive: when the
 * connections are a quarter more or fewer than at the last one, and at least {@value
 * #CONNECTIONS_WORTH_IT}; or when what no full collection has looked at since has grown to a
 * quarter of what was alive, and to {@value #BYTES_WORTH_IT} bytes.
 *
 * <p>At most each 10 seconds, and for at most a thousandth of the time: after a pause of 50 ms, not
 * for 50 seconds.
 *
 * <p>Used by one thread, which looks about once a second.
 */
final class HeapSurvey {
  static final int CONNECTIONS_WORTH_IT = 50;
  static final long BYTES_WORTH_IT = 2 << 20;
  private static final int PART = 4;
  private static final long APART_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long PAUSES_APART = 1_000;

  private final LongSupplier nanoTime;
  private int connections;
  private long notBeforeNanos;

  /**
   * @param nanoTime monotonic
   */
  HeapSurvey(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.notBeforeNanos = nanoTime.getAsLong() + APART_NANOS;
  }

  /** Whether a full collection is due now. Whoever is told so collects, and says {@link #taken}. */
  boolean due(int open, long aliveBytes, long unknownBytes) {
    return nanoTime.getAsLong() - notBeforeNanos >= 0
        && (Math.abs(open - connections) >= Math.max(CONNECTIONS_WORTH_IT, connections / PART)
            || unknownBytes >= Math.max(BYTES_WORTH_IT, aliveBytes / PART));
  }

  /** A full collection, for whatever reason, took so long with so many connections open. */
  void taken(int open, long pauseNanos) {
    connections = open;
    notBeforeNanos = nanoTime.getAsLong() + Math.max(APART_NANOS, PAUSES_APART * pauseNanos);
  }
}
