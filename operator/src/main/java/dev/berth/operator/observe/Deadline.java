package dev.berth.operator.observe;

import java.time.Duration;

/**
 * The moment at which an answer must be whole, by the JVM's steady clock.
 *
 * @param nanos of {@link System#nanoTime}
 */
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean passed() {
    return System.nanoTime() - nanos >= 0;
  }

  /** Milliseconds until then, at least 1. */
  int left() {
    return (int) Math.max(1, (nanos - System.nanoTime()) / 1_000_000);
  }
}
