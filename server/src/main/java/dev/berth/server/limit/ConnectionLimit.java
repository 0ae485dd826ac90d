package dev.berth.server.limit;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bound on how many connections are served at once. It may be moved at any time: raised, the
 * next connection is admitted at once; lowered, nothing is broken, and none is admitted until use
 * has fallen below it.
 *
 * <p>Safe for any number of threads. One word holds both the use and the limit, so that no reader
 * ever sees one without the other and no permit is given twice. Taking and releasing a permit is
 * one compare-and-set, without a lock and without allocation, as long as nobody waits in the queue;
 * those who wait go first, in the order they came.
 */
public final class ConnectionLimit {
  private static final long ONE_PERMIT = 1L << 32;

  // high 32 bits: permits in use; low 32 bits: the limit. Neither is ever negative.
  private final AtomicLong word;
  private final WaitingLine line;

  // The limit in force is the lesser of these two. Both are guarded by the lock, under which no
  // other is taken; whoever takes or releases a permit looks at neither.
  private final ReentrantLock moving = new ReentrantLock();
  private int wanted;
  // read without the lock where a margin is asked for
  private volatile int ceiling = Integer.MAX_VALUE;

  private volatile Margin margin = (inUse, limit) -> 0;

  private ConnectionLimit(int limit, int queueLength) {
    this.wanted = checked(limit);
    this.word = new AtomicLong(limit);
    this.line = new WaitingLine(queueLength, this::takeIfFree);
  }

  /** A limit without a queue: who finds no free permit is refused at once. */
  public static ConnectionLimit of(int limit) {
    return new ConnectionLimit(limit, 0);
  }

  /**
   * A limit at which up to {@code queueLength} connections may wait for a permit.
   *
   * @throws IllegalArgumentException if either is negative
   */
  public static ConnectionLimit of(int limit, int queueLength) {
    return new ConnectionLimit(limit, queueLength);
  }

  /**
   * Takes a permit if one is free and nobody waits for it, without waiting. Whoever is admitted
   * releases exactly once.
   */
  public Admission tryAcquire() {
    return line.isEmpty() && takeIfFree() ? Admitted.PERMIT : Refused.LIMIT;
  }

  /**
   * Takes a permit, waiting in the queue until one is free, but no longer than the timeout. Refused
   * with {@link Refused#LIMIT} when the queue is full or the timeout not positive, with {@link
   * Refused#QUEUE_TIMEOUT} when the time has passed, and with {@link Refused#DRAINING} when the
   * thread is interrupted, as a server does that ends, or sees that the client has hung up; the
   * thread stays interrupted.
   */
  public Admission acquire(Duration timeout) {
    if (tryAcquire() == Admitted.PERMIT) {
      return Admitted.PERMIT;
    }
    return timeout.isPositive() ? line.await(TimeUnit.NANOSECONDS.convert(timeout)) : Refused.LIMIT;
  }

  /**
   * Gives a permit back, to the one who waits longest if any.
   *
   * @throws IllegalStateException if no permit is in use: the caller released twice, or never
   *     acquired
   */
  public void release() {
    long seen;
    do {
      seen = word.get();
      if (inUse(seen) == 0) {
        throw new IllegalStateException(
            "a permit was released that was never taken: none of " + limit(seen) + " is in use");
      }
    } while (!word.compareAndSet(seen, seen - ONE_PERMIT));
    line.admitWaiting();
  }

  /**
   * Moves the limit. Connections already admitted stay, even above it. While there is a ceiling
   * below it, the ceiling is in force.
   *
   * @param limit 0 admits none
   * @throws IllegalArgumentException if it is negative
   */
  public void move(int limit) {
    checked(limit);
    moving.lock();
    try {
      wanted = limit;
      enforce();
    } finally {
      moving.unlock();
    }
    line.admitWaiting();
  }

  /**
   * Sets the most that can be held, wherever the limit is moved to; {@link Integer#MAX_VALUE}: no
   * bound of that kind.
   */
  void ceiling(int most) {
    checked(most);
    moving.lock();
    try {
      ceiling = most;
      enforce();
    } finally {
      moving.unlock();
    }
    line.admitWaiting();
  }

  /** Lets some in at a full limit, until they are as many as the ceiling. */
  void margin(Margin beyond) {
    margin = beyond;
  }

  /** How many connections above a full limit are admitted. */
  @FunctionalInterface
  interface Margin {
    /** Asked by any thread when {@code inUse} are at {@code limit} or above it; 0 or more. */
    int connections(int inUse, int limit);
  }

  private void enforce() {
    long target = Math.min(wanted, ceiling);
    long seen;
    do {
      seen = word.get();
    } while (!word.compareAndSet(seen, (seen & -ONE_PERMIT) | target));
  }

  /** The limit in force, in connections. */
  public int limit() {
    return limit(word.get());
  }

  /** The permits taken and not yet released. */
  public int inUse() {
    return inUse(word.get());
  }

  /**
   * How many permits are in use above the limit: more than 0 only after it was lowered, or when
   * some were let in beyond it, until enough have been released.
   */
  public int excess() {
    long seen = word.get();
    return Math.max(0, inUse(seen) - limit(seen));
  }

  /**
   * Permits in use / limit; above 1 while a lowered limit drains, or in a margin. At limit 0: the
   * number in use.
   */
  public double saturation() {
    long seen = word.get();
    return (double) inUse(seen) / Math.max(1, limit(seen));
  }

  /** How many wait in the queue at this moment. */
  public int waiting() {
    return line.length();
  }

  private boolean takeIfFree() {
    while (true) {
      long seen = word.get();
      if (inUse(seen) >= limit(seen) && inUse(seen) >= withMargin(seen)) {
        return false;
      }
      if (word.compareAndSet(seen, seen + ONE_PERMIT)) {
        return true;
      }
    }
  }

  private long withMargin(long seen) {
    return Math.min(ceiling, (long) limit(seen) + margin.connections(inUse(seen), limit(seen)));
  }

  private static int inUse(long word) {
    return (int) (word >>> 32);
  }

  private static int limit(long word) {
    return (int) word;
  }

  private static int checked(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "the connection limit is " + limit + ": it must be 0 (take none) or more");
    }
    return limit;
  }

  @Override
  public String toString() {
    long seen = word.get();
    return inUse(seen) + " of " + limit(seen);
  }
}
