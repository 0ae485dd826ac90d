package dev.berth.operator.simulate;

/** The open connections of one pod: those that ask at intervals, and those that are long idle. */
final class Occupancy {
  private int busy;
  private int idle;

  int active() {
    return busy + idle;
  }

  int idle() {
    return idle;
  }

  /** Those that wait for a request: a busy one's takes the server a tick. */
  int waitingForRequest(int askTicks) {
    return active() - Math.ceilDiv(busy, Math.max(2, askTicks));
  }

  void open(boolean asks) {
    if (asks) {
      busy++;
    } else {
      idle++;
    }
  }

  /** Closes all; how many there were. */
  int closeAll() {
    int all = active();
    busy = 0;
    idle = 0;
    return all;
  }

  /** Closes {@code count}, at most all, whichever they are. */
  void closeAny(int count, Chance chance) {
    for (int left = Math.min(count, active()); left > 0; left--) {
      if (chance.below(active()) < busy) {
        busy--;
      } else {
        idle--;
      }
    }
  }

  /** Closes at most {@code most} that are long idle; how many. */
  int closeIdle(int most) {
    int closed = Math.min(most, idle);
    idle -= closed;
    return closed;
  }

  /** Ends at most {@code most} of those that ask in this tick, with their answer; how many. */
  int endAsking(int most, int askTicks, Chance chance) {
    int ended = Math.min(most, chance.successes(busy, 1.0 / askTicks));
    busy -= ended;
    return ended;
  }
}
