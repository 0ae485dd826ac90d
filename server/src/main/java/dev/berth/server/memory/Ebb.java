package dev.berth.server.memory;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when a flood of connections has gone and the server is calm: then a full collection is
 * short, as little is alive, and the heap that the flood needed can go back to the system. A
 * server's start counts as a flood too, for all that it leaves behind.
 *
 * <p>Due at most once a minute; only when no more than half of the most connections since the last
 * time are open, and at least {@value #WORTH_IT} fewer, some 2 MB of heap; and only after {@value
 * #CALM_SECONDS} seconds with no more than {@value #CALM_REQUESTS} requests in each.
 *
 * <p>Used by one thread, which looks about once a second.
 */
final class Ebb {
  static final int WORTH_IT = 1_000;
  static final int CALM_REQUESTS = 10;
  static final int CALM_SECONDS = 5;
  private static final long CALM_NANOS = Duration.ofSeconds(CALM_SECONDS).toNanos();
  private static final long APART_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  // The most connections seen since the last time; at first as if there had been very many.
  private int flood = Integer.MAX_VALUE;
  private long requests;
  private long lookedNanos;
  private long calmSinceNanos;
  private long notBeforeNanos;

  /**
   * @param nanoTime monotonic
   */
  Ebb(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lookedNanos = nanoTime.getAsLong();
    this.calmSinceNanos = lookedNanos;
    this.notBeforeNanos = lookedNanos;
  }

  /**
   * Whether a collection is due now, for so many open connections and requests ever served. Whoever
   * is told so collects.
   */
  boolean due(int connections, long requestsServed) {
    long now = nanoTime.getAsLong();
    look(connections, requestsServed, now);
    if (connections > flood / 2
        || flood - connections < WORTH_IT
        || now - calmSinceNanos < CALM_NANOS
        || now < notBeforeNanos) {
      return false;
    }
    flood = connections;
    notBeforeNanos = now + APART_NANOS;
    return true;
  }

  private void look(int connections, long requestsServed, long now) {
    double seconds = (now - lookedNanos) / 1e9;
    if (requestsServed - requests > CALM_REQUESTS * seconds) {
      calmSinceNanos = now;
    }
    flood = Math.max(flood, connections);
    requests = requestsServed;
    lookedNanos = now;
  }
}
