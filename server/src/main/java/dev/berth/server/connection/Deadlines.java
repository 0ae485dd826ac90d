package dev.berth.server.connection;

import java.time.Duration;

/**
 * How long a connection may be in each {@link Phase}, and how one ends that has been in it for
 * longer. One for all connections; used by the sweeper's thread.
 */
final class Deadlines {
  /** How long the client may take to hear the last word; longer, and it may miss it. */
  private static final long LINGER_MILLIS = 1_000;

  /** How long the client of an upgraded connection may take for its goodbye. */
  private static final long PARTING_MILLIS = 5_000;

  private final Timeouts timeouts;

  Deadlines(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** Ends a connection if what it waits for has taken too long. */
  void endIfLate(Connection connection, long nowMillis) {
    long seen = connection.status();
    long waited = nowMillis - Connection.sinceMillis(seen);
    switch (Connection.phase(seen)) {
      case FRESH, HEAD -> {
        if (over(waited, timeouts.header())) {
          connection.finish(CloseReason.HEADER_TIMEOUT);
        }
      }
      case IDLE -> {
        if (over(waited, timeouts.idle())) {
          connection.finish(CloseReason.IDLE);
        } else if (connection.isTooOld(nowMillis) && waited >= Shedding.STILL_ASKING_MILLIS) {
          connection.finish(CloseReason.AGE);
        }
      }
      case BODY -> {
        if (!cutIfStuck(connection) && over(waited, timeouts.read())) {
          connection.endBody();
        }
      }
      case HANDLER -> {
        // Perhaps one of two threads that read the body and answer has ended its wait, and the
        // other has not.
        if (!cutIfStuck(connection)
            && over(Math.min(waited, connection.millisForRest()), timeouts.read())) {
          connection.endBody();
        }
      }
      case WRITE, TELLING -> cutIfOver(connection, waited);
      case LINGER -> {
        if (waited >= LINGER_MILLIS) {
          connection.closeChannel();
        }
      }
      case HIJACKED -> {
        if (connection.isTooOld(nowMillis)) {
          connection.finish(CloseReason.AGE);
        } else if (connection.isLost(nowMillis)) {
          connection.finish(CloseReason.IDLE);
        } else if (over(waited, timeouts.read())) {
          connection.endIfSilent(seen);
        }
      }
      case PARTING -> {
        if (waited >= PARTING_MILLIS) {
          connection.endInput();
        }
      }
    }
  }

  // While a second thread of the handler's reads, which is what the phase tells of.
  private boolean cutIfStuck(Connection connection) {
    return cutIfOver(connection, connection.millisForRoom());
  }

  // Also if it has a reason to end already: it is saying why.
  private boolean cutIfOver(Connection connection, long waitedMillis) {
    boolean late = over(waitedMillis, timeouts.write());
    if (late) {
      connection.end(CloseReason.WRITE_TIMEOUT);
      connection.cut();
    }
    return late;
  }

  private static boolean over(long waitedMillis, Duration timeout) {
    return !timeout.isZero() && waitedMillis >= timeout.toMillis();
  }
}
