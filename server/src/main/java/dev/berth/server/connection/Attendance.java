package dev.berth.server.connection;

import dev.berth.server.handler.AttendedUpgrade;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The sweeper's care for one conversation that has a goodbye and a ping. What it has said may have
 * to wait for the client, so it is said on a virtual thread of its own.
 */
final class Attendance {
  private static final Logger LOG = System.getLogger(Attendance.class.getName());
  private static final long NOT_ASKED = Long.MIN_VALUE;
  private static final long ASKING = Long.MAX_VALUE;

  private static final AtomicLongFieldUpdater<Attendance> ASKED =
      AtomicLongFieldUpdater.newUpdater(Attendance.class, "askedMillis");

  private final AttendedUpgrade conversation;
  private final CoarseTime time;
  // When the client was last heard, or began to be listened to. Written by the connection's thread.
  private volatile long heardMillis;
  // When it was asked whether it is there, unless it has been heard since. NOT_ASKED becomes ASKING
  // by the sweeper, that a time by the thread that has asked, and either NOT_ASKED again by the
  // connection's.
  private volatile long askedMillis = NOT_ASKED;

  Attendance(AttendedUpgrade conversation, CoarseTime time) {
    this.conversation = conversation;
    this.time = time;
    this.heardMillis = time.millis();
  }

  /** Notes that the client is listened to from now on: until then nobody can say it was silent. */
  void listens() {
    heard();
  }

  /** Notes that something has come. */
  void heard() {
    heardMillis = time.millis();
    if (askedMillis != NOT_ASKED) {
      askedMillis = NOT_ASKED;
    }
  }

  long heardMillis() {
    return heardMillis;
  }

  /**
   * Has the client asked if it has been silent for half of the timeout; whether it has been asked
   * and has not answered for the other half.
   */
  boolean isLost(long nowMillis, Duration timeout) {
    long half = timeout.toMillis() / 2;
    long asked = askedMillis;
    if (timeout.isZero() || asked == ASKING) {
      return false;
    }
    if (asked != NOT_ASKED) {
      return nowMillis - asked >= half;
    }
    if (nowMillis - heardMillis >= half) {
      askedMillis = ASKING;
      Thread.ofVirtual().start(this::ask);
    }
    return false;
  }

  private void ask() {
    try {
      conversation.ping();
    } catch (IOException gone) {
      // The conversation's own thread will find that out.
    } finally {
      // Not if the answer was faster.
      ASKED.compareAndSet(this, ASKING, time.millis());
    }
  }

  /** Has the goodbye said, or {@code unsaid} run if that can't be. */
  void goodbye(Runnable unsaid) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            conversation.goodbye();
          } catch (IOException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "no goodbye was said", failure);
            unsaid.run();
          }
        });
  }
}
