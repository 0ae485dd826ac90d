package dev.berth.server.http1;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.ListField;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * A request and its response, with all the memory that takes: lent to a connection while it has
 * something to read or say, and not while it waits idle. Owned by the virtual thread of the
 * connection that has borrowed it.
 */
public final class Exchange implements Request {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  // What is left of a body is read up to here for the connection's sake; beyond it a new connection
  // is cheaper.
  private static final long DISCARDED_AT_MOST = 256 * 1024;
  private static final InetSocketAddress NOBODY = InetSocketAddress.createUnresolved("nobody", 0);

  /** What becomes of the connection after an exchange. */
  public enum Ending {
    /** It goes on to the next request. */
    PERSISTS,
    /** It ends after this answer. */
    CLOSES,
    /** It speaks another protocol from here on: {@link #upgraded}. */
    UPGRADES
  }

  private final LentWire wire = new LentWire();
  private final RequestReader reader;
  private final RequestHead head;
  private final BodyReader body;
  private final Output out = new Output(wire);
  private final ResponseWriter response;
  private InetSocketAddress peer = NOBODY;
  private boolean headRead;
  private boolean continueDue;
  // Until the rest of the body is known to be well-formed.
  private boolean holdsBack;
  private String refusal = "";
  private boolean shared;
  // Whether the body is read by another thread than the one that answers.
  private volatile boolean readElsewhere;

  /**
   * An exchange that has not been lent yet.
   *
   * @param headLimit the most bytes that a request's line and fields may have together
   * @param heads what the heads of all requests may take
   */
  public Exchange(int headLimit, LargeHeads heads, HttpDate date) {
    this.reader = new RequestReader(headLimit, heads);
    this.head = reader.head();
    this.body = new BodyReader(reader, wire, new WaitingForBody());
    this.response = new ResponseWriter(out, date, this);
  }

  /** Lends it to a connection. */
  public void lend(Wire to, InetSocketAddress toPeer) {
    wire.wire = to;
    peer = toPeer;
    out.clear();
    headRead = false;
    head.forgetMethod();
    refusal = "";
    response.begin();
  }

  /** Takes it back; if there is no memory for that, it is not to be lent again. */
  public void reclaim() {
    wire.wire = LentWire.NOT_LENT;
    peer = NOBODY;
    response.begin();
    if (shared) {
      reader.abandon();
    } else {
      clear();
    }
  }

  private void clear() {
    try {
      reader.clear();
    } catch (OutOfMemoryError full) {
      reader.abandon();
      throw full;
    }
  }

  /**
   * Takes over bytes that were read elsewhere: what woke a connection, or a {@linkplain
   * #partialHead partial head}.
   */
  public void put(ByteBuffer bytes) {
    reader.put(bytes);
  }

  /** Reads what has come, 0 if nothing has; -1 at the end. Sends what is held back first. */
  public int fill() throws IOException {
    out.flush();
    return reader.fill(wire);
  }

  /** Whether {@link #fill} has taken all there was. */
  public boolean filledAll() {
    return reader.hasRoom();
  }

  /**
   * Looks for the next request in what has been read.
   *
   * @return whether its head is there; if not, {@link #fill} is next
   * @throws BadRequest if it never can be
   */
  public boolean parse() throws BadRequest {
    headRead = false;
    refusal = "";
    headRead = reader.parse();
    if (headRead) {
      body.begin(head);
      response.begin();
      // One whose body has begun to come does not wait for it.
      continueDue = head.expectsContinue && reader.buffered() == 0;
      wire.inTurn = continueDue;
    }
    return headRead;
  }

  /** Whether something of a next request has come. */
  public boolean begun() {
    return reader.begun();
  }

  /** Whether so much of one has come that it had better stay where it is. */
  public boolean begunLong() {
    return reader.begunLong();
  }

  /**
   * What has come of a head, to be {@linkplain #put put} back later, perhaps into another exchange.
   */
  public PartialHead partialHead() {
    return reader.partialHead();
  }

  /** The answer to the present request. */
  public Response response() {
    return response;
  }

  /** Has the handler answer, with a request and a response that end as it returns. */
  @SuppressWarnings("ThreadInterrupted")
  public void answer(Handler handler) throws Exception {
    if (!body.hasCome()) {
      // A client may await the answers to its earlier requests before it sends the rest; and they
      // would be in the way of another thread that tells it to.
      out.flush();
    }
    Loan loan = new Loan(this);
    try {
      handler.handle(loan, loan);
    } finally {
      shared |= loan.expire();
      readElsewhere = false;
      // Left behind, an interrupt of the handler's would close the connection under its answer.
      Thread.interrupted();
    }
  }

  /**
   * Whether a handler has passed it to another thread, which may be at it still: then it must not
   * serve another client.
   */
  public boolean shared() {
    return shared;
  }

  /** The status sent, or about to be. */
  public int status() {
    return response.status();
  }

  /** Whether it is too late to answer something else. */
  public boolean committed() {
    return response.committed();
  }

  /** Whether all of the response is said. */
  public boolean answered() {
    return response.completed();
  }

  /** Bytes of content, without framing, that the response was given and its client gets to see. */
  public long contentBytes() {
    return response.contentBytes();
  }

  /** Why the response is not the handler's; empty if it is. */
  public String refusal() {
    return refusal;
  }

  /** Whether there is a request, rather than something that never became one. */
  public boolean understood() {
    return headRead;
  }

  /** 0 or 1, of HTTP/1. */
  public int minorVersion() {
    return head.minorVersion;
  }

  /** Whether the client wants the connection to go on. */
  public boolean clientPersists() {
    return head.persistent();
  }

  /**
   * Whether the client's bytes end here as far as is known: none of the request's body is left
   * unread, and nothing came after it.
   */
  public boolean bodyEnded() {
    return body.ended() && reader.buffered() == 0;
  }

  /** The request target, as sent. */
  public String target() {
    return head.target();
  }

  /** The request line, for logs. */
  public String line() {
    return head.line();
  }

  /**
   * Ends what the handler has begun: completes the response, and reads past what is left of the
   * body. The response may still be in the buffer; {@link #next} decides.
   */
  public Ending complete() throws IOException {
    if (body.malformed() && !isRefused() && takeBack()) {
      // The handler has overlooked it.
      body.checkWellFormed();
    }
    if (response.upgrade().isPresent() && !response.committed()) {
      return completeUpgrade();
    }
    response.complete();
    boolean whole = body.ended() || (readsOn() && readsPastBody());
    if (whole && !response.closes()) {
      return Ending.PERSISTS;
    }
    response.closeAfterAll();
    out.flush();
    return Ending.CLOSES;
  }

  private Ending completeUpgrade() throws IOException {
    if (body.discard(DISCARDED_AT_MOST)) {
      response.completeUpgrade();
      return Ending.UPGRADES;
    }
    refuse(413, "the content is longer than it may be before an upgrade");
    return Ending.CLOSES;
  }

  // A request that is refused, on a connection that ends with that, needs no reading.
  private boolean readsOn() {
    return !bodyInDoubt() && !(response.closes() && isRefused());
  }

  // A client that was never told to continue may send its body or not: where the next request
  // begins can't be known. That of a very long body isn't worth looking for.
  private boolean bodyInDoubt() {
    return !body.ended()
        && (continueDue || body.malformed() || body.isLongerThan(DISCARDED_AT_MOST));
  }

  private boolean isRefused() {
    return response.status() >= 400;
  }

  // A response that is no refusal waits until the body turns out to be well-formed: after it, a
  // refusal of the body would come too late. A refusal waits only for what has come, of which there
  // may be too much, as it would say then. What pipelined requests before it were answered doesn't
  // wait.
  private boolean readsPastBody() throws IOException {
    holdsBack = true;
    try {
      return body.discard(DISCARDED_AT_MOST);
    } finally {
      holdsBack = false;
    }
  }

  /** Moves on to the next request, of which something may be in the buffer already. */
  public void next() {
    reader.next();
    headRead = false;
    head.forgetMethod();
  }

  /** Sends what is held back. */
  public void flush() throws IOException {
    out.flush();
  }

  /**
   * Takes the response back if none of it has left yet, so that another can be given.
   *
   * @return whether that was possible
   */
  public boolean takeBack() {
    if (!out.rollback()) {
      return false;
    }
    response.begin();
    return true;
  }

  /** Answers with a status and a sentence, as the last thing on this connection. */
  public void refuse(int status, String sentence) throws IOException {
    refusal = sentence;
    response.begin();
    response.close();
    if (status == 503) {
      response.header("Retry-After", "1");
    }
    response.status(status).text(sentence + "\n");
    out.flush();
  }

  /** Answers 503 without asking the handler, and lets the connection go on. */
  public void refuseForNow(String sentence) throws IOException {
    refusal = sentence;
    response.status(503).header("Retry-After", "1").text(sentence + "\n");
  }

  /**
   * What was agreed to talk after a 101, and what of it has come already; the exchange is done with
   * then.
   */
  public Upgraded upgraded() {
    byte[] early = new byte[reader.buffered()];
    reader.take(ByteBuffer.wrap(early), early.length);
    return new Upgraded(response.takeUpgrade().orElseThrow(), early);
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return head.path();
  }

  @Override
  public Optional<String> query() {
    return head.query();
  }

  @Override
  public String protocol() {
    return head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  @Override
  public Optional<String> header(String name) {
    return head.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return head.headers(name);
  }

  @Override
  public void forEachHeader(BiConsumer<? super String, ? super String> action) {
    head.forEachHeader(action);
  }

  @Override
  public boolean asksToUpgradeTo(String protocol) {
    return head.upgrade
        && head.minorVersion > 0
        && ListField.elements(head.headers("Upgrade")).anyMatch(protocol::equalsIgnoreCase);
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Map<String, List<String>> trailers() {
    if (!body.ended()) {
      throw new IllegalStateException("trailers come after the body, which is to be read first");
    }
    return body.trailers().byName();
  }

  @Override
  public InetSocketAddress peer() {
    return peer;
  }

  /**
   * Reads past the request, and then has the wire look out for its end; earlier answers are not to
   * wait for what the handler waits for.
   */
  void interruptOnHangUp() throws IOException {
    if (!body.discard(DISCARDED_AT_MOST)) {
      throw new IOException("the request's content is to be read first");
    }
    out.flushEarlier();
    wire.interruptOnHangUp();
  }

  ContentStream stream() {
    return response.stream();
  }

  boolean isHead() {
    return head.isMethod("HEAD");
  }

  boolean understandsChunks() {
    return !headRead || head.minorVersion > 0;
  }

  /** Decides, as the response's head is written, whether the connection ends after it. */
  boolean endsAfterThis(boolean alreadyDecided) {
    if (alreadyDecided || !headRead || !head.persistent()) {
      return true;
    }
    return bodyInDoubt() || wire.endsAfterThis();
  }

  /** Says that nothing follows the response, though the body may still be read. */
  void endOutput() throws IOException {
    wire.endOutput();
  }

  /** Tells it that another thread than the handler's reads the body. */
  void readElsewhere() {
    readElsewhere = true;
  }

  /** Sends an interim response at once, if the client understands it. */
  void sendInterim(int status, String fields) throws IOException {
    if (status == 100) {
      continueDue = false;
    }
    if (understandsChunks()) {
      out.put(Status.line(status));
      out.put(fields);
      out.putLineEnd();
      // It is no part of the response, which can still become another.
      out.mark();
      out.flush();
    }
  }

  /** What the other half of the exchange has to do with the wait for the body. */
  private final class WaitingForBody implements BodyReader.Waiting {
    @Override
    public void mayFollow() throws IOException {
      if (readElsewhere) {
        // What is to be sent is the other thread's.
        if (continueDue) {
          sayContinue();
        }
        return;
      }
      if (continueDue && !response.committed()) {
        out.put(CONTINUE);
        // It is no part of the response, which can still become another.
        out.mark();
      }
      continueDue = false;
      if (holdsBack) {
        out.flushEarlier();
      } else {
        out.flush();
      }
    }

    // Past what the other thread has ready to be sent, unless some of that has been.
    private void sayContinue() throws IOException {
      wire.turn.lock();
      try {
        if (!response.committed()) {
          wire.write(ByteBuffer.wrap(CONTINUE));
          continueDue = false;
        }
      } finally {
        wire.turn.unlock();
      }
    }

    @Override
    public boolean begins() throws IOException {
      if (holdsBack && isRefused()) {
        out.flush();
      }
      boolean frugal = wire.isFrugal();
      if (frugal && !readElsewhere) {
        out.release();
      }
      return frugal;
    }
  }

  /** The connection's end of the streams, exchanged with each borrower. */
  private static final class LentWire implements Wire {
    static final Wire NOT_LENT = new NotLent();
    // Of the thread that answers, and the one that reads the body and has the client told to go on.
    private final ReentrantLock turn = new ReentrantLock();
    private Wire wire = NOT_LENT;
    // Whether there may be two that write.
    private boolean inTurn;

    @Override
    public int read(ByteBuffer into) throws IOException {
      return wire.read(into);
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
      return wire.readNow(into);
    }

    @Override
    public int skip(int most) throws IOException {
      return wire.skip(most);
    }

    @Override
    public boolean isFrugal() {
      return wire.isFrugal();
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
      if (!inTurn) {
        wire.write(from);
        return;
      }
      turn.lock();
      try {
        wire.write(from);
      } finally {
        turn.unlock();
      }
    }

    @Override
    public void write(ByteBuffer first, ByteBuffer second) throws IOException {
      if (!inTurn) {
        wire.write(first, second);
        return;
      }
      turn.lock();
      try {
        wire.write(first, second);
      } finally {
        turn.unlock();
      }
    }

    @Override
    public void endOutput() throws IOException {
      wire.endOutput();
    }

    @Override
    public boolean endsAfterThis() {
      return wire.endsAfterThis();
    }

    @Override
    public void interruptOnHangUp() {
      wire.interruptOnHangUp();
    }
  }

  /** Where a handler that keeps a request or response beyond its time ends up. */
  private static final class NotLent implements Wire {
    @Override
    public int read(ByteBuffer into) throws IOException {
      throw new IOException("the exchange is over");
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
      throw new IOException("the exchange is over");
    }

    @Override
    public boolean endsAfterThis() {
      return true;
    }
  }
}
