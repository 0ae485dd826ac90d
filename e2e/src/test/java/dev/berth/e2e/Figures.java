package dev.berth.e2e;

import java.time.Duration;
import java.time.Instant;

/** Prints what a test measured, so that it stands in the run's output. */
final class Figures {
  private Figures() {}

  static void since(Instant start, String what) {
    long millis = Duration.between(start, Instant.now()).toMillis();
    System.out.printf("e2e: %.1f s %s%n", millis / 1000.0, what);
  }
}
