package dev.berth.server.connection;

import dev.berth.server.http1.HttpDate;
import dev.berth.server.limit.HeapGuard;
import dev.berth.server.log.Mishap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the connections ten times a second, and ends those whose time is up: past a deadline, in
 * excess of a lowered limit, or left in a drain. The one thread of a server that looks at what
 * others wait for.
 *
 * <p>For deadlines it looks at a thousand each time, or at a tenth of all if they are more: so each
 * is seen at least once a second, and a request waits for no walk over all of them, which takes a
 * millisecond for ten thousand.
 */
final class Sweeper implements Runnable {
  static final long ROUND_MILLIS = 100;
  private static final int LOOKED_AT = 1_000;
  private static final int ROUNDS_FOR_ALL = 10;

  private static final Mishap FAILED_ROUND =
      new Mishap(Sweeper.class, "a round over the connections failed; the next follows");

  private final Serving serving;
  private final Listener listener;
  private final HttpDate date;
  private final Deadlines deadlines;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopped;

  // The sweeper's thread's.
  private boolean forced;
  private int departing;
  private long now;
  private final List<Candidate> candidates = new ArrayList<>();
  private final HeapGuard heap;

  /**
   * A connection that may go, and since when: read once, as it may change while the list is sorted.
   */
  private record Candidate(Connection connection, long idleSince) {
    /** Whether nothing has come meanwhile. */
    boolean isStillIdle() {
      return connection.idleSince() == idleSince || connection.hijackedSince() == idleSince;
    }
  }

  Sweeper(Serving serving, Listener listener, HttpDate date) {
    this.serving = serving;
    this.listener = listener;
    this.date = date;
    this.deadlines = new Deadlines(serving.timeouts());
    this.heap = HeapGuard.of(serving.limit());
  }

  @Override
  public void run() {
    while (!stopped) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS));
      try {
        round();
      } catch (RuntimeException | Error failure) {
        FAILED_ROUND.log(failure);
      }
    }
  }

  void stop() {
    stopped = true;
    ended.countDown();
  }

  /** Waits until a drain that is to end the server has done so. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void round() {
    now = serving.time().advance();
    date.refresh();
    Drain.Stage stage = serving.drain().stage();
    listener.drain(stage);
    heap.look();
    departing = 0;
    candidates.clear();
    int excess = serving.limit().excess();
    boolean draining = stage == Drain.Stage.REFUSING;
    if (draining) {
      serving.open().forEach(this::lookForAllWhoMayGo);
    } else if (excess > 0) {
      serving.open().forEach(this::lookForLongIdle);
    } else {
      int some = Math.ceilDiv(serving.open().count(), ROUNDS_FOR_ALL);
      serving.open().forNext(Math.max(LOOKED_AT, some), this::look);
    }
    if (draining) {
      long roundsLeft = serving.drain().spreadMillisLeft() / ROUND_MILLIS;
      closeLongestIdle(Shedding.evenly(candidates.size(), roundsLeft), CloseReason.DRAIN);
    } else {
      shed(excess);
    }
    endIfDrained();
  }

  private void look(Connection connection) {
    deadlines.endIfLate(connection, now);
  }

  private void lookForLongIdle(Connection connection) {
    deadlines.endIfLate(connection, now);
    consider(connection, connection.idleSince());
  }

  // In a drain those that speak another protocol are told as well, since they have no next answer
  // to tell them in: those that have done so longest first.
  private void lookForAllWhoMayGo(Connection connection) {
    deadlines.endIfLate(connection, now);
    long hijackedSince = connection.hijackedSince();
    if (hijackedSince == Long.MAX_VALUE || connection.departing()) {
      consider(connection, connection.idleSince());
    } else {
      candidates.add(new Candidate(connection, hijackedSince));
    }
  }

  private void consider(Connection connection, long idleSince) {
    if (connection.departing()) {
      departing++;
    } else if (idleSince <= now - Shedding.STILL_ASKING_MILLIS) {
      candidates.add(new Candidate(connection, idleSince));
    }
  }

  private void shed(int inUseBeyondLimit) {
    int excess = Math.max(0, inUseBeyondLimit - departing);
    int closable = Math.min(excess, candidates.size());
    closeLongestIdle(Math.min(closable, Shedding.inOneRound(excess)), CloseReason.SHED);
    serving.shedding().allow(excess - closable);
  }

  private void closeLongestIdle(int most, CloseReason why) {
    for (Candidate candidate :
        Shedding.longestIdle(candidates, most, Comparator.comparingLong(Candidate::idleSince))) {
      if (candidate.isStillIdle()) {
        candidate.connection().finish(why);
      }
    }
    candidates.clear();
  }

  private void endIfDrained() {
    Drain drain = serving.drain();
    if (forced || (drain.endGraceOver() && serving.open().count() == 0)) {
      // After a cut, one round is left to those who were cut to say goodbye to their handlers.
      ended.countDown();
    } else if (drain.endTimeOver()) {
      serving.open().forEach(Connection::force);
      forced = true;
    }
  }
}
