package dev.berth.server.connection;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which connections end when there are more than the limit, and how fast: those that asked nothing
 * for a while are closed, longest idle first, a few at a time; for the rest of the excess, whoever
 * is answered next is told {@code Connection: close}. Closing one that asks at intervals would
 * break the request it is about to send. {@link #allow} is the sweeper's; {@link #claim} any
 * thread's.
 */
final class Shedding {
  /** A connection that asked something more recently than this is not closed, but told. */
  static final long STILL_ASKING_MILLIS = 10_000;

  private static final int ROUNDS = 50;

  private final AtomicInteger toTell = new AtomicInteger();

  /** Sets how many of the next answers may carry {@code Connection: close}. */
  void allow(int answers) {
    if (toTell.get() != answers) {
      toTell.set(answers);
    }
  }

  /** Asks for an answer that is about to be sent: whether it is to be the connection's last. */
  boolean claim() {
    // Nearly always there is nothing to shed, which is one read.
    int left = toTell.get();
    while (left > 0) {
      if (toTell.compareAndSet(left, left - 1)) {
        return true;
      }
      left = toTell.get();
    }
    return false;
  }

  /**
   * How many of so many too many to close in one round, so that all take {@value #ROUNDS} rounds.
   */
  static int inOneRound(int tooMany) {
    return Math.ceilDiv(tooMany, ROUNDS);
  }

  /** How many of so many to close in this round of those that are left, so that they end evenly. */
  static int evenly(int candidates, long roundsLeft) {
    return (int) Math.ceilDiv(candidates, Math.max(1, roundsLeft));
  }

  /** The {@code most} that have been idle longest. */
  static <C> List<C> longestIdle(List<C> candidates, int most, Comparator<C> byIdleSince) {
    return candidates.stream().sorted(byIdleSince).limit(most).toList();
  }
}
