package dev.berth.e2e.load;

import java.time.Duration;

/**
 * A number of clients that moves in a straight line from one to another, and stays there.
 *
 * @param begins when, by {@link System#nanoTime}
 */
record Ramp(int from, int to, long begins, Duration within) {
  /** The number at {@code now}. */
  int at(long now) {
    double done = (double) (now - begins) / Math.max(1, within.toNanos());
    return done >= 1 ? to : from + (int) Math.round((to - from) * Math.max(0, done));
  }
}
