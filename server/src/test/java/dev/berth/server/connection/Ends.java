package dev.berth.server.connection;

import dev.berth.server.limit.Admission.Refused;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what connections report. */
final class Ends implements ConnectionEvents {
  private final List<CloseReason> closed = new CopyOnWriteArrayList<>();
  private final List<Refused> rejected = new CopyOnWriteArrayList<>();

  @Override
  public void closed(CloseReason reason, int requests, long nanos) {
    closed.add(reason);
  }

  @Override
  public void rejected(Refused reason) {
    rejected.add(reason);
  }

  List<CloseReason> closed() {
    return closed;
  }

  List<Refused> rejected() {
    return rejected;
  }
}
