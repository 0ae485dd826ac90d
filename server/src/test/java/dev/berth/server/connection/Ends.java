package dev.berth.server.connection;

import dev.berth.server.limit.Admission.Refused;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what connections report. */
final class Ends implements ConnectionEvents {
  private final List<CloseReason> closed = new CopyOnWriteArrayList<>();
  private final List<Refused> rejected = new CopyOnWriteArrayList<>();
  private final List<Integer> answered = new CopyOnWriteArrayList<>();
  private final AtomicInteger outOfMemory = new AtomicInteger();

  private final AtomicInteger admitted = new AtomicInteger();

  @Override
  public void accepted() {
    admitted.incrementAndGet();
  }

  @Override
  public void closed(CloseReason reason, int requests, long nanos) {
    closed.add(reason);
  }

  @Override
  public void responded(int minorVersion, int status, long nanos) {
    answered.add(status);
  }

  @Override
  public void outOfMemory() {
    outOfMemory.incrementAndGet();
  }

  @Override
  public void rejected(Refused reason) {
    rejected.add(reason);
  }

  int admitted() {
    return admitted.get();
  }

  List<CloseReason> closed() {
    return closed;
  }

  /** The statuses, in order. */
  List<Integer> answered() {
    return answered;
  }

  int timesOutOfMemory() {
    return outOfMemory.get();
  }

  List<Refused> rejected() {
    return rejected;
  }
}
