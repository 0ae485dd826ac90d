package dev.berth.server.connection;

import dev.berth.server.access.AccessLog;
import dev.berth.server.handler.StatusException;
import dev.berth.server.http1.BadRequest;
import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.MalformedBody;
import dev.berth.server.limit.Admission;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What is said on a connection from what wakes it until it has nothing more to do for now: requests
 * in order, each answered before the next is looked at. Lives as long as the exchange that was
 * borrowed for it. Owned by the connection's virtual thread.
 *
 * <pre>
 *   read ──► parse ──► handle ──► answer ─┬─ more is in the buffer ──► parse
 *    ▲                                    └─ nothing is ──► send ──┬─ asks often ──► wait
 *    │                                                             └─ else: WAITS     │
 *    └────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
final class Dialogue {
  /** How it ends. */
  enum Outcome {
    /** Nothing is there, and the exchange is of more use elsewhere. */
    WAITS,
    OVER,
    /** The last word is said, and the client is to hear it. */
    LINGERS,
    UPGRADED
  }

  /** A connection that asks again within this time may keep what it has borrowed. */
  private static final long BUSY_MILLIS = 100;

  /**
   * What took this long to answer is sent before the next request is looked at, which may take as
   * long: one more write is little beside it. What took less leaves with others in one.
   */
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Serving serving;
  private final Connection connection;
  private final Exchange exchange;
  // Whether the client sends its head slowly, which would hold the exchange for as long.
  private boolean inPieces;
  private boolean busy;
  // What the connection was at before what has just come, and since when.
  private Phase before = Phase.FRESH;
  private long since;

  /**
   * @param inPieces whether some of a head had come before this
   */
  Dialogue(Serving serving, Connection connection, Exchange exchange, boolean inPieces) {
    this.serving = serving;
    this.connection = connection;
    this.exchange = exchange;
    this.inPieces = inPieces;
  }

  Outcome run() throws IOException {
    try {
      boolean news = inPieces;
      while (true) {
        int count = exchange.fill();
        if (count > 0 || news) {
          news = false;
          enterHead();
          Exchange.Ending ending = answerAll();
          if (ending != Exchange.Ending.PERSISTS) {
            return ending == Exchange.Ending.UPGRADES ? Outcome.UPGRADED : over();
          }
          if (!exchange.filledAll()) {
            continue;
          }
        }
        if (count < 0) {
          return vanished();
        }
        if (!mayKeepExchange()) {
          return Outcome.WAITS;
        }
        inPieces = exchange.begun();
        connection.awaitReadable(inPieces);
      }
    } catch (BadRequest refused) {
      connection.end(refused.status() == 503 ? CloseReason.SHED : CloseReason.PROTOCOL_ERROR);
      return refuse(refused.status(), refused.sentence());
    }
  }

  private Exchange.Ending answerAll() throws IOException, BadRequest {
    while (exchange.parse()) {
      Exchange.Ending ending = answer();
      if (ending != Exchange.Ending.PERSISTS) {
        return ending;
      }
      exchange.next();
    }
    exchange.flush();
    Phase phase = connection.phase();
    if (!exchange.begun()) {
      if (phase == Phase.HEAD) {
        // Only an empty line came, which is no reason to wait longer.
        connection.setStatus(before, since);
      } else {
        connection.enter(Phase.IDLE);
      }
    } else if (phase == Phase.HANDLER) {
      // Some of it has come with the last request; its time begins with that one's answer.
      connection.enter(Phase.HEAD);
    }
    return Exchange.Ending.PERSISTS;
  }

  // While it waits: for a client that asks again at once, or for the rest of a head. One that sends
  // it in pieces has had its turn, unless there is so much of it that it isn't to be copied for
  // each.
  private boolean mayKeepExchange() {
    return exchange.begunLong()
        || ((exchange.begun() ? !inPieces : busy) && serving.exchanges().canSpare());
  }

  // A new connection's head is due from its accept, so its first byte does not restart the clock;
  // nor do those of a head in pieces.
  private void enterHead() {
    before = connection.phase();
    since = connection.phaseMillis();
    if (before == Phase.IDLE) {
      connection.enter(Phase.HEAD);
      busy = serving.time().millis() - since <= BUSY_MILLIS;
    } else if (before == Phase.FRESH) {
      connection.setStatus(Phase.HEAD, since);
    }
  }

  private Exchange.Ending answer() throws IOException {
    long began = System.nanoTime();
    connection.giveWay(began);
    int minorVersion = exchange.minorVersion();
    int request = connection.asked(minorVersion);
    connection.enter(Phase.HANDLER);
    Exchange.Ending ending = ending();
    if (exchange.committed()) {
      // Otherwise the client has gone, or was cut off, before there was an answer.
      long nanos = System.nanoTime() - began;
      serving.events().responded(minorVersion, exchange.status(), nanos);
      log(request, nanos);
      if (ending == Exchange.Ending.PERSISTS && nanos >= LONG_NANOS) {
        exchange.flush();
      }
    }
    return ending;
  }

  private void log(int request, long nanos) {
    if (!serving.accessLog().equals(AccessLog.OFF)) {
      serving
          .accessLog()
          .answered(AccessNotes.of(exchange, connection.peer(), connection.id(), request, nanos));
    }
  }

  private Exchange.Ending ending() {
    try {
      return attempt();
    } catch (IOException broken) {
      // The client can't be told; what was said in the handler's place counts all the same.
      connection.end(CloseReason.IO_ERROR);
      return Exchange.Ending.CLOSES;
    }
  }

  private Exchange.Ending attempt() throws IOException {
    if (serving.requests().tryAcquire() instanceof Admission.Refused) {
      exchange.refuseForNow("this server has all the requests it takes at once");
      return completeInstead();
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

  // Of an answer that is not the handler's.
  private Exchange.Ending completeInstead() throws IOException {
    try {
      return exchange.complete();
    } catch (MalformedBody malformed) {
      return refuseBody(malformed.badRequest());
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
    if (connection.endsFor(CloseReason.FORCED) || connection.endsFor(CloseReason.CLIENT)) {
      return Exchange.Ending.CLOSES;
    }
    if (failure instanceof BrokenWire || (failure instanceof IOException && !connection.isOpen())) {
      // Not the handler's: the connection was ended under it.
      connection.end(CloseReason.IO_ERROR);
      return Exchange.Ending.CLOSES;
    }
    if (failure instanceof StatusException said && exchange.takeBack()) {
      exchange.response().status(said.status()).text(said.sentence() + "\n");
      return completeInstead();
    }
    connection.complain(() -> "failed to answer " + exchange.line(), failure);
    if (exchange.takeBack()) {
      exchange.response().status(500).text("this server failed to answer the request\n");
      return completeInstead();
    }
    connection.end(CloseReason.HANDLER_ERROR);
    if (!exchange.answered()) {
      connection.cut();
    }
    return Exchange.Ending.CLOSES;
  }

  // The client has sent its last byte. If that was in the middle of a head, the head may just have
  // taken too long.
  private Outcome vanished() throws IOException {
    return exchange.begun() && connection.endsFor(CloseReason.HEADER_TIMEOUT)
        ? refuse(408, "the request took too long to come")
        : Outcome.OVER;
  }

  private Outcome refuse(int status, String sentence) throws IOException {
    exchange.refuse(status, sentence);
    serving.events().responded(1, status, 0);
    log(connection.requests() + 1, 0);
    return Outcome.LINGERS;
  }

  private Outcome over() {
    return connection.isOpen()
            && (connection.departing() || exchange.clientPersists() || !exchange.bodyEnded())
        ? Outcome.LINGERS
        : Outcome.OVER;
  }
}
