package dev.berth.server.connection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server's way out of service, and back if it was not meant to end.
 *
 * <pre>
 *   SERVING ──begin──► GRACE ──grace over──► REFUSING ──empty, or time is up──► ENDED
 *      ▲                 │                      │            (only if it is to end)
 *      └──no cause left──┴──────────────────────┘
 * </pre>
 *
 * In GRACE new connections are served, since those who send them have yet to notice; in REFUSING
 * they get 503. In both, each answer carries {@code Connection: close}. Safe for any number of
 * threads.
 */
public final class Drain {
  /** Who wants it. It lasts until nobody does. */
  public enum Cause {
    /** The pod's annotation. */
    ANNOTATION,
    /** A call from the program that the server is in. */
    REQUEST,
    /** The end of the server: this one is not undone. */
    END
  }

  /** Where it is. */
  public enum Stage {
    /** Nobody wants it. */
    SERVING,
    /** New connections are still served, since those who send them have yet to notice. */
    GRACE,
    /** New connections get 503, and idle ones are ended. */
    REFUSING
  }

  private final CoarseTime time;
  private final long graceMillis;
  private final long timeoutMillis;
  // An immutable set, replaced as a whole.
  private final AtomicReference<Set<Cause>> causes = new AtomicReference<>(Set.of());
  private volatile long beganMillis;
  private volatile long endBeganMillis;

  Drain(CoarseTime time, Duration grace, Duration timeout) {
    this.time = time;
    this.graceMillis = grace.toMillis();
    this.timeoutMillis = timeout.toMillis();
  }

  /** Begins for that cause; joins a drain that has begun for another. */
  public void begin(Cause cause) {
    long now = time.advance();
    if (cause == Cause.END && !has(cause)) {
      endBeganMillis = now;
    }
    if (!active()) {
      beganMillis = now;
    }
    causes.updateAndGet(before -> with(before, cause));
  }

  /** Takes that cause away; the server is back in service if there is no other. The end stays. */
  public void undo(Cause cause) {
    if (cause != Cause.END) {
      causes.updateAndGet(before -> without(before, cause));
    }
  }

  private static Set<Cause> with(Set<Cause> causes, Cause cause) {
    return Stream.concat(causes.stream(), Stream.of(cause)).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<Cause> without(Set<Cause> causes, Cause cause) {
    return causes.stream().filter(other -> other != cause).collect(Collectors.toUnmodifiableSet());
  }

  private boolean has(Cause cause) {
    return causes.get().contains(cause);
  }

  /** Whether anybody wants it. */
  public boolean active() {
    return !causes.get().isEmpty();
  }

  /** Where it is now. */
  public Stage stage() {
    if (!active()) {
      return Stage.SERVING;
    }
    return sinceBeginMillis() < graceMillis ? Stage.GRACE : Stage.REFUSING;
  }

  /** Whether the server is on its way to its end. */
  boolean ending() {
    return has(Cause.END);
  }

  /** Whether the end has lasted for the grace, which is the least it takes. */
  boolean endGraceOver() {
    return ending() && time.millis() - endBeganMillis >= graceMillis;
  }

  /** Whether the end has taken all the time it may. */
  boolean endTimeOver() {
    return ending() && time.millis() - endBeganMillis >= timeoutMillis;
  }

  /**
   * How much of the time over which idle connections are ended is left: the first four fifths of
   * the timeout.
   */
  long spreadMillisLeft() {
    return Math.max(0, timeoutMillis * 4 / 5 - sinceBeginMillis());
  }

  private long sinceBeginMillis() {
    return time.millis() - beganMillis;
  }
}
