package dev.berth.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of day without its jumps: it passes as it does for a stopwatch, a tenth faster or slower
 * while the time of day is ahead or behind, until they are one again.
 *
 * <p>What is decided by how long something lasted, such as a drain whose time is over or a loop
 * that stands still, so never sees an hour that nobody waited for, and never waits for an hour to
 * come again.
 *
 * <p>Safe for any number of threads.
 */
public final class SteadyClock implements InstantSource {
  private static final int SLOWEST = 10;

  private final InstantSource wall;
  private final LongSupplier stopwatch;
  // both guarded by this
  private Instant now;
  private long read;

  /**
   * A clock that begins with the time of day.
   *
   * @param wall the time of day, which may jump
   * @param stopwatch nanoseconds that never do, as of {@link System#nanoTime}
   */
  public SteadyClock(InstantSource wall, LongSupplier stopwatch) {
    this.wall = wall;
    this.stopwatch = stopwatch;
    this.now = wall.instant();
    this.read = stopwatch.getAsLong();
  }

  @Override
  public synchronized Instant instant() {
    long reading = stopwatch.getAsLong();
    Duration passed = Duration.ofNanos(reading - read);
    read = reading;
    Duration most = passed.dividedBy(SLOWEST);
    Duration behind = Duration.between(now.plus(passed), wall.instant());
    Duration step = behind.compareTo(most) > 0 ? most : behind;
    now = now.plus(passed).plus(step.compareTo(most.negated()) < 0 ? most.negated() : step);
    return now;
  }
}
