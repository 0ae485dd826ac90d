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
  private final AtomicReference<Wish> wish = new AtomicReference<>(new Wish(Set.of(), 0, 0));

  /**
   * Who wants it, and since when: of no meaning if nobody does. Likewise since when the end is
   * wanted.
   */
  private record Wish(Set<Cause> causes, long sinceMillis, long endSinceMillis) {
    boolean of(Cause cause) {
      return causes.contains(cause);
    }

    boolean ofAnybody() {
      return !causes.isEmpty();
    }

    Wish with(Cause cause, long now) {
      return new Wish(
          Stream.concat(causes.stream(), Stream.of(cause)).collect(Collectors.toUnmodifiableSet()),
          ofAnybody() ? sinceMillis : now,
          cause == Cause.END && !of(cause) ? now : endSinceMillis);
    }

    Wish without(Cause cause) {
      return new Wish(
          causes.stream().filter(other -> other != cause).collect(Collectors.toUnmodifiableSet()),
          sinceMillis,
          endSinceMillis);
    }
  }

  Drain(CoarseTime time, Duration grace, Duration timeout) {
    this.time = time;
    this.graceMillis = grace.toMillis();
    this.timeoutMillis = timeout.toMillis();
  }

  /** Begins for that cause; joins a drain that has begun for another. */
  public void begin(Cause cause) {
    long now = time.advance();
    wish.updateAndGet(before -> before.with(cause, now));
  }

  /** Takes that cause away; the server is back in service if there is no other. The end stays. */
  public void undo(Cause cause) {
    if (cause != Cause.END) {
      wish.updateAndGet(before -> before.without(cause));
    }
  }

  /** Whether anybody wants it. */
  public boolean active() {
    return wish.get().ofAnybody();
  }

  /** Where it is now. */
  public Stage stage() {
    Wish now = wish.get();
    if (!now.ofAnybody()) {
      return Stage.SERVING;
    }
    return time.millis() - now.sinceMillis < graceMillis ? Stage.GRACE : Stage.REFUSING;
  }

  /** Whether the server is on its way to its end. */
  boolean ending() {
    return wish.get().of(Cause.END);
  }

  /** Whether the end has lasted for the grace, which is the least it takes. */
  boolean endGraceOver() {
    return endHasLasted(graceMillis);
  }

  /** Whether the end has taken all the time it may. */
  boolean endTimeOver() {
    return endHasLasted(timeoutMillis);
  }

  private boolean endHasLasted(long millis) {
    Wish now = wish.get();
    return now.of(Cause.END) && time.millis() - now.endSinceMillis >= millis;
  }

  /**
   * How much of the time over which idle connections are ended is left: the first four fifths of
   * the timeout.
   */
  long spreadMillisLeft() {
    long spent = time.millis() - wish.get().sinceMillis;
    return Math.max(0, timeoutMillis - timeoutMillis / 5 - spent);
  }
}
