package dev.berth.server.proxy;

import java.time.Duration;

/**
 * How much of an upstream a proxy uses, and how long it waits for it.
 *
 * @param connections how many connections for requests there may be at once
 * @param queueTimeout how long a request waits for one of them
 * @param timeout how long the upstream may be silent: while it accepts, takes a request, or answers
 * @param idleTimeout after which a connection that nobody asks on is closed
 */
public record UpstreamLimits(
    int connections, Duration queueTimeout, Duration timeout, Duration idleTimeout) {
  // Of more, not all of it could be reckoned with in nanoseconds.
  private static final Duration LONGEST = Duration.ofDays(10_000);

  /**
   * 1,024 connections, as other proxies have it; a wait of 5 s; 60 s of silence; and 4 s idle,
   * which is less than the 5 s after which common servers close a connection themselves, perhaps
   * just as a request is on its way.
   */
  public static final UpstreamLimits DEFAULT =
      new UpstreamLimits(
          1_024, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(4));

  /**
   * Takes a time of more than ten thousand days for those. Fails for fewer connections than one,
   * and for negative times.
   */
  public UpstreamLimits {
    if (connections < 1) {
      throw new IllegalArgumentException("a proxy needs a connection, not " + connections);
    }
    queueTimeout = bounded(queueTimeout);
    timeout = bounded(timeout);
    idleTimeout = bounded(idleTimeout);
  }

  private static Duration bounded(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a timeout can't be negative: " + duration);
    }
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
