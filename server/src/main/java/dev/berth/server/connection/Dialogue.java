package dev.berth.server.connection;

import dev.berth.server.access.AccessLog;
import dev.berth.server.handler.StatusException;
import dev.berth.server.http1.BadRequest;
import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.MalformedBody;
import dev.berth.server.limit.Admission;
import java.io.IOException;

/**
 * What is said on a connection from the byte that wakes it until it has nothing more to do for now:
 * requests in order, each answered before the next is looked at. Lives as long as the exchange that
 * was borrowed for it. Owned by the connection's virtual thread.
 *
 * <pre>
 *   read ──► parse ──► handle ──► answer ─┬─ more is in the buffer ──► parse
 *    ▲                                    └─ nothing is ──► send ──┬─ asks often ──► read
 *    │                                                             └─ else: WAITS
 *    └── let others run ◄── asks often
 * </pre>
 */
final class Dialogue {
  /** How it ends. */
  enum Outcome {
    /** Nothing is there, and the exchange is of more use elsewhere. */
    WAITS,
    OVER,
    UPGRADED
  }

  /** A connection that asks again within this time may keep what it has borrowed. */
  private static final long BUSY_MILLIS = 100;

  /**
   * After so many requests a busy connection parks instead of letting others run. A carrier takes
   * what yields to it before what a poller has woken, so connections that only ever yield could
   * keep it from all others; parked ones queue up with those. Measured: fewer cost throughput, many
   * more cost the others their latency.
   */
  private static final int REQUESTS_WITHOUT_PARKING = 16;

  private final Serving serving;
  private final Connection connection;
  private final Exchange exchange;
  // Whether the client sends its head slowly, which would hold the exchange for as long.
  private boolean inPieces;
  // Whether all that has come of it is known to have been read.
  private boolean readAll;
  private boolean busy;
  private int sinceParked;

  Dialogue(Serving serving, Connection connection, Exchange exchange) {
    this.serving = serving;
    this.connection = connection;
    this.exchange = exchange;
  }

  /**
   * Tells it that some of a head had come before this.
   *
   * @param nothingMore whether there is surely no more to read for now
   */
  void goesOnInPieces(boolean nothingMore) {
    inPieces = true;
    readAll = nothingMore;
  }

  Outcome run() throws IOException {
    try {
      busy = enterHead();
      while (true) {
        while (exchange.parse()) {
          Exchange.Ending ending = answer();
          if (ending != Exchange.Ending.PERSISTS) {
            return ending == Exchange.Ending.UPGRADES ? Outcome.UPGRADED : over();
          }
          exchange.next();
        }
        boolean idle = !exchange.begun();
        if (idle) {
          exchange.flush();
          connection.enter(Phase.IDLE);
        }
        if (!mayWait(idle)) {
          return Outcome.WAITS;
        }
        if (idle) {
          letOthersRun();
        }
        if (exchange.fill() < 0) {
          return vanished();
        }
        if (idle) {
          busy = enterHead();
        } else {
          goesOnInPieces(false);
        }
      }
    } catch (BadRequest refused) {
      connection.end(CloseReason.PROTOCOL_ERROR);
      refuse(refused.status(), refused.sentence());
      return Outcome.OVER;
    }
  }

  // With the exchange in hand: for a client that asks again at once, or for the rest of a head that
  // has come but for its first byte. One that sends it in pieces gets no more than what is there.
  private boolean mayWait(boolean idle) throws IOException {
    boolean spare = serving.exchanges().canSpare();
    if (idle) {
      return spare && busy;
    }
    return (spare && !inPieces) || (!readAll && connection.hasMore());
  }

  // The next request has often come by the time that others have had their turn: then there is no
  // need to park.
  @SuppressWarnings("ThreadPriorityCheck")
  private void letOthersRun() {
    if (++sinceParked < REQUESTS_WITHOUT_PARKING) {
      Thread.yield();
    } else {
      sinceParked = 0;
    }
  }

  // A new connection's head is due from its accept, so its first byte does not restart the clock;
  // nor do those of a head in pieces.
  private boolean enterHead() {
    Phase before = connection.phase();
    long since = connection.phaseMillis();
    long now = serving.time().millis();
    if (before == Phase.IDLE) {
      connection.enter(Phase.HEAD);
    } else if (before == Phase.FRESH) {
      connection.setStatus(Phase.HEAD, since);
    }
    return before == Phase.IDLE && now - since <= BUSY_MILLIS;
  }

  private Exchange.Ending answer() throws IOException {
    long began = System.nanoTime();
    int minorVersion = exchange.minorVersion();
    int request = connection.asked(minorVersion);
    connection.enter(Phase.HANDLER);
    Exchange.Ending ending = attempt();
    long nanos = System.nanoTime() - began;
    serving.events().responded(minorVersion, exchange.status(), nanos);
    log(request, nanos);
    return ending;
  }

  private void log(int request, long nanos) {
    if (!serving.accessLog().equals(AccessLog.OFF)) {
      serving
          .accessLog()
          .answered(AccessNotes.of(exchange, connection.peer(), connection.id(), request, nanos));
    }
  }

  private Exchange.Ending attempt() throws IOException {
    if (serving.requests().tryAcquire() instanceof Admission.Refused) {
      exchange.refuseForNow("this server has all the requests it takes at once");
      return exchange.complete();
    }
    try {
      exchange.answer(serving.handler());
      return exchange.complete();
    } catch (MalformedBody malformed) {
      return refuseBody(malformed.badRequest());
    } catch (Exception | Error failure) {
      return failed(failure);
    } finally {
      serving.requests().release();
    }
  }

  private Exchange.Ending refuseBody(BadRequest malformed) throws IOException {
    boolean late = connection.endsFor(CloseReason.READ_TIMEOUT);
    connection.end(CloseReason.PROTOCOL_ERROR);
    if (!exchange.takeBack()) {
      if (!exchange.answered()) {
        connection.cut();
      }
    } else if (late) {
      exchange.refuse(408, "the request's body took too long");
    } else {
      exchange.refuse(malformed.status(), malformed.sentence());
    }
    return Exchange.Ending.CLOSES;
  }

  private Exchange.Ending failed(Throwable failure) throws IOException {
    if (failure instanceof IOException && (connection.departing() || !connection.isOpen())) {
      // Not the handler's: the connection was ended under it.
      return Exchange.Ending.CLOSES;
    }
    if (connection.endsFor(CloseReason.FORCED) || connection.endsFor(CloseReason.CLIENT)) {
      return Exchange.Ending.CLOSES;
    }
    if (failure instanceof BrokenWire) {
      connection.end(CloseReason.IO_ERROR);
      return Exchange.Ending.CLOSES;
    }
    if (failure instanceof StatusException said && exchange.takeBack()) {
      exchange.response().status(said.status()).text(said.sentence() + "\n");
      return exchange.complete();
    }
    connection.complain(() -> "failed to answer " + exchange.line(), failure);
    if (exchange.takeBack()) {
      exchange.response().status(500).text("this server failed to answer the request\n");
      return exchange.complete();
    }
    connection.end(CloseReason.HANDLER_ERROR);
    connection.cut();
    return Exchange.Ending.CLOSES;
  }

  // The client has sent its last byte. If that was in the middle of a head, the head may just have
  // taken too long.
  private Outcome vanished() throws IOException {
    if (exchange.begun() && connection.endsFor(CloseReason.HEADER_TIMEOUT)) {
      tooLate();
    }
    return Outcome.OVER;
  }

  /** Answers a head that did not come in time. */
  void tooLate() throws IOException {
    refuse(408, "the request took too long to come");
  }

  private void refuse(int status, String sentence) throws IOException {
    exchange.refuse(status, sentence);
    serving.events().responded(1, status, 0);
    log(connection.requests() + 1, 0);
    connection.linger();
  }

  private Outcome over() throws IOException {
    if (connection.isOpen()
        && (connection.departing() || exchange.clientPersists() || !exchange.bodyEnded())) {
      connection.linger();
    }
    return Outcome.OVER;
  }
}
