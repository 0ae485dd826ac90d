package dev.berth.server.limit;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The connections that wait for a permit: a bounded line, first come, first served.
 *
 * <p>No wake-up is lost: who waits first shows itself in {@link #waiting} and then looks for a
 * permit; who frees one first puts it into the limit's word and then looks at {@link #waiting}.
 * Both are volatile, so at least one of the two sees the other. The lock is taken only by those who
 * wait and by those who see somebody waiting; no other lock is ever taken under it.
 */
final class WaitingLine {
  private final int places;
  private final BooleanSupplier takeIfFree;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> line = new ArrayDeque<>(); // guarded by the lock
  private volatile int waiting; // the line's length; written under the lock, read without it

  /**
   * @param takeIfFree takes a permit if one is free, and tells whether it did; called under the
   *     lock
   */
  WaitingLine(int places, BooleanSupplier takeIfFree) {
    if (places < 0) {
      throw new IllegalArgumentException(
          "the queue's length is " + places + ": it must be 0 (no queue) or more");
    }
    this.places = places;
    this.takeIfFree = takeIfFree;
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  int length() {
    return waiting;
  }

  /**
   * Hands out the permits that are free, longest waiter first. Costs one volatile read when nobody
   * waits.
   */
  void admitWaiting() {
    if (waiting == 0) {
      return;
    }
    lock.lock();
    try {
      admitWhileFree();
    } finally {
      lock.unlock();
    }
  }

  /** Waits at the end of the line. */
  Admission await(long nanos) {
    lock.lock();
    try {
      admitWhileFree(); // a permit that is free now empties a place
      if (line.size() >= places) {
        return Refused.LIMIT;
      }
      Waiter self = new Waiter(lock.newCondition());
      line.addLast(self);
      waiting = line.size();
      admitWhileFree(); // a permit may have come back before this waiter could be seen
      return await(self, nanos);
    } finally {
      lock.unlock();
    }
  }

  private Admission await(Waiter self, long nanos) {
    long left = nanos;
    try {
      while (!self.admitted && left > 0) {
        left = self.turn.awaitNanos(left);
      }
      return self.admitted ? Admitted.PERMIT : leave(self, Refused.QUEUE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return self.admitted ? Admitted.PERMIT : leave(self, Refused.DRAINING);
    }
  }

  private Refused leave(Waiter self, Refused why) {
    line.removeFirstOccurrence(self); // near the head: who came first gives up first
    waiting = line.size();
    return why;
  }

  private void admitWhileFree() {
    while (!line.isEmpty() && takeIfFree.getAsBoolean()) {
      Waiter longest = line.removeFirst();
      waiting = line.size();
      longest.admitted = true;
      longest.turn.signal();
    }
  }

  private static final class Waiter {
    private final Condition turn;
    private boolean admitted; // written by whoever hands over the permit; guarded by the lock

    Waiter(Condition turn) {
      this.turn = turn;
    }
  }
}
