package dev.berth.server.connection;

import java.time.Duration;

/**
 * How long things may take. Zero means without end, for all but the drain's two.
 *
 * @param header from a connection's accept, or a later request's first byte, to the end of the head
 * @param idle from an answer to the first byte of the next request
 * @param read without any progress of a request's body
 * @param write without any progress of an answer
 * @param maxConnectionAge after which a connection ends with its next answer; varied by a tenth
 *     either way
 * @param drainGrace how long new connections are still served while draining, and the least time
 *     that a drain takes
 * @param drainTimeout after which what remains is cut, when the server is to end
 */
public record Timeouts(
    Duration header,
    Duration idle,
    Duration read,
    Duration write,
    Duration maxConnectionAge,
    Duration drainGrace,
    Duration drainTimeout) {
  // Of more, not all of it could be reckoned with in milliseconds; of less, not all at all.
  private static final Duration LONGEST = Duration.ofDays(10_000);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /**
   * 10 s for a head, 60 s between requests, 30 s without progress of a body or an answer, no age; 3
   * s of grace and 25 s in all for a drain.
   */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ZERO,
          Duration.ofSeconds(3),
          Duration.ofSeconds(25));

  /**
   * Takes what is longer than ten thousand days for those, and what is shorter than a millisecond
   * for that. Fails for a negative duration.
   */
  public Timeouts {
    header = bounded(header);
    idle = bounded(idle);
    read = bounded(read);
    write = bounded(write);
    maxConnectionAge = bounded(maxConnectionAge);
    drainGrace = bounded(drainGrace);
    drainTimeout = bounded(drainTimeout);
  }

  static Duration bounded(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a timeout can't be negative: " + duration);
    }
    if (duration.compareTo(LONGEST) > 0) {
      return LONGEST;
    }
    return duration.isZero() || duration.compareTo(SHORTEST) > 0 ? duration : SHORTEST;
  }

  /** These, but with another time for a head to come; 10 s unless set, zero for no end. */
  public Timeouts withHeader(Duration duration) {
    return new Timeouts(duration, idle, read, write, maxConnectionAge, drainGrace, drainTimeout);
  }

  /** These, but with another time between requests; 60 s unless set, zero for no end. */
  public Timeouts withIdle(Duration duration) {
    return new Timeouts(header, duration, read, write, maxConnectionAge, drainGrace, drainTimeout);
  }

  /** These, but with another time without progress of a body; 30 s unless set, zero for no end. */
  public Timeouts withRead(Duration duration) {
    return new Timeouts(header, idle, duration, write, maxConnectionAge, drainGrace, drainTimeout);
  }

  /**
   * These, but with another time without progress of an answer; 30 s unless set, zero for no end.
   */
  public Timeouts withWrite(Duration duration) {
    return new Timeouts(header, idle, read, duration, maxConnectionAge, drainGrace, drainTimeout);
  }

  /** These, but with another age at which connections end; zero, for none, unless set. */
  public Timeouts withMaxConnectionAge(Duration duration) {
    return new Timeouts(header, idle, read, write, duration, drainGrace, drainTimeout);
  }

  /** These, but with both of a drain's times; 3 s and 25 s unless set. */
  public Timeouts withDrain(Duration grace, Duration timeout) {
    return new Timeouts(header, idle, read, write, maxConnectionAge, grace, timeout);
  }
}
