package dev.berth.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When the rounds of each policy are due: at a moment of the interval that is its own, so that
 * those of many policies are spread over it and none waits for the others. A round that takes long
 * makes the next one no later.
 *
 * <p>Safe for any number of threads; the rounds of one policy come one at a time.
 */
final class Cadence {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

  private final Duration interval;
  private final ConcurrentMap<String, Instant> due = new ConcurrentHashMap<>();

  Cadence(Duration interval) {
    this.interval = interval;
  }

  /** How long after it was due a round begins; zero where none was due yet. */
  Duration late(String uid, Instant began) {
    return Optional.ofNullable(due.get(uid))
        .filter(began::isAfter)
        .map(moment -> Duration.between(moment, began))
        .orElse(Duration.ZERO);
  }

  /**
   * How long to wait for the next round, in whole milliseconds and up to an interval and a bit
   * more.
   */
  Duration pause(String uid, Instant now) {
    long millis = interval.toMillis();
    long moment = Math.floorMod((uid.hashCode() * 0x9E3779B97F4A7C15L) >>> 20, millis);
    long pause = millis - Math.floorMod(now.toEpochMilli() - moment, millis);
    Duration wait = Duration.ofMillis(pause < SHORTEST_PAUSE.toMillis() ? pause + millis : pause);
    due.put(uid, now.plus(wait));
    return wait;
  }

  void forget(String uid) {
    due.remove(uid);
  }
}
