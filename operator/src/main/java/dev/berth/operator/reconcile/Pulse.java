package dev.berth.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When a round last began, for whoever asks whether the loop is alive.
 *
 * <p>Safe for any number of threads.
 */
final class Pulse {
  private final AtomicReference<Instant> last;

  Pulse(Instant started) {
    last = new AtomicReference<>(started);
  }

  void beat(Instant now) {
    last.set(now);
  }

  /** How long no round has begun. */
  Duration since(Instant now) {
    return Duration.between(last.get(), now);
  }
}
