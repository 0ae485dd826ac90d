package dev.berth.operator.simulate;

/** The clients that want a connection and have none. Owned by the world's thread. */
final class Clients {
  private static final int LONGEST = 1_024;

  // by the tick at which they try again, modulo the length
  private final int[] waiting = new int[LONGEST];
  private final int retryTicks;
  private final Chance chance;
  private int count;

  Clients(int retryTicks, Chance chance) {
    this.retryTicks = retryTicks;
    this.chance = chance;
  }

  /** How many wait for their next attempt. */
  int waiting() {
    return count;
  }

  /** They try again after the retry time, more or less by a quarter. */
  void comeBack(int clients, long now) {
    int spread = retryTicks / 4;
    for (int i = 0; i < clients; i++) {
      int after = Math.max(1, retryTicks + chance.between(-spread, spread));
      waiting[(int) ((now + after) % LONGEST)]++;
    }
    count += clients;
  }

  /** Those whose time has come: they wait no more. */
  int due(long now) {
    int at = (int) (now % LONGEST);
    int due = waiting[at];
    waiting[at] = 0;
    count -= due;
    return due;
  }

  /** At most so many give up. */
  void giveUp(int clients) {
    int left = Math.min(clients, count);
    count -= left;
    for (int i = 0; left > 0; i++) {
      int here = Math.min(left, waiting[i]);
      waiting[i] -= here;
      left -= here;
    }
  }
}
