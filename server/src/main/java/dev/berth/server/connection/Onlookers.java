package dev.berth.server.connection;

import dev.berth.server.access.Access;
import dev.berth.server.access.AccessLog;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.log.Mishap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Those outside who are told what happens. What they throw is logged, once as it is likely to be
 * the same each time, and hurts neither a connection nor who accepts them. Safe for any number of
 * threads.
 */
final class Onlookers implements ConnectionEvents, AccessLog {
  private static final Mishap FAILED =
      new Mishap(
          Onlookers.class,
          "those who are told of connections and answers failed at it, and may go on failing");

  private final ConnectionEvents events;
  private final AccessLog accessLog;
  private final AtomicBoolean complained = new AtomicBoolean();

  Onlookers(ConnectionEvents events, AccessLog accessLog) {
    this.events = events;
    this.accessLog = accessLog;
  }

  /** What tells them of answers: {@link AccessLog#OFF} if nobody is. */
  AccessLog accessLog() {
    return accessLog.equals(AccessLog.OFF) ? AccessLog.OFF : this;
  }

  @Override
  public void accepted() {
    try {
      events.accepted();
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  @Override
  public void rejected(Refused reason) {
    try {
      events.rejected(reason);
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  @Override
  public void responded(int minorVersion, int status, long nanos) {
    try {
      events.responded(minorVersion, status, nanos);
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  @Override
  public void outOfMemory() {
    try {
      events.outOfMemory();
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  @Override
  public void closed(CloseReason reason, int requests, long nanos) {
    try {
      events.closed(reason, requests, nanos);
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  @Override
  public void answered(Access access) {
    try {
      accessLog.answered(access);
    } catch (RuntimeException | Error failure) {
      complain(failure);
    }
  }

  private void complain(Throwable failure) {
    if (complained.compareAndSet(false, true)) {
      FAILED.log(failure);
    }
  }
}
