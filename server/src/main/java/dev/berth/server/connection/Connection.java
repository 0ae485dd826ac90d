package dev.berth.server.connection;

import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.MalformedBody;
import dev.berth.server.http1.PartialHead;
import dev.berth.server.http1.Upgraded;
import dev.berth.server.http1.Wire;
import dev.berth.server.limit.Admission;
import dev.berth.server.memory.PinnedBytes.Pin;
import dev.berth.server.proxyprotocol.ProxyHeader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from its permit to its end, and the work of the one virtual thread that owns it.
 * All its fields are that thread's but for those that say otherwise.
 *
 * <p>Kept small, since there are many: no buffer while it is idle, no timer, and few frames on the
 * parked thread's stack, which is why {@link #run} waits on the channel itself.
 */
final class Connection implements Runnable, Wire, PolledChannel.Gatherer {
  private static final int WRITTEN_AT_ONCE = 64 * 1024;
  private static final int PHASE_BITS = 4;
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
  private static final Phase[] PHASES = Phase.values();
  private static final Logger LOG = System.getLogger(Connection.class.getName());
  private static final VarHandle STATUS;
  private static final VarHandle REASON;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATUS = lookup.findVarHandle(Connection.class, "status", long.class);
      REASON = lookup.findVarHandle(Connection.class, "reason", CloseReason.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  // The links of OpenConnections, guarded by its lock.
  @Nullable Connection previous;
  @Nullable Connection next;

  private final Serving serving;
  private final PolledChannel channel;
  // The socket's, until a proxy has said whom it stands for.
  private InetSocketAddress peer;
  private final long id;
  private final long acceptedMillis;
  private final long expiryMillis;
  private final Thread thread;

  // High 60 bits: the coarse time in milliseconds at which the phase began, or last made progress;
  // low 4: the phase. Written by the owner, and once upgraded by whoever writes to the client, one
  // at a time; read by the sweeper, which acts on it only when it has not changed for long: so an
  // ordered write is enough.
  private long status;
  // Written once, by whoever first has a reason to end it.
  private @Nullable CloseReason reason;

  // Read by others for /connections, who may see a value that is a moment old.
  private int requests;
  private int minorVersion;
  private long bytesIn;
  private long bytesOut;

  // Of an upgraded connection, if its protocol has a goodbye: written once, before it is that.
  private @Nullable Attendance attendance;

  // Of an upgraded connection without such a goodbye: whether all has been said to the client.
  // Written by whoever writes to it.
  private volatile boolean saidLast;
  // Whether what the client of an upgraded one sends is waited for, or taken. Written by who reads.
  private volatile boolean listens;

  // Who reads and drops what the client sends, if a handler wants to know that it hangs up.
  private @Nullable Thread hangUp;

  // What has come of a head while no exchange could be spared for it, or the connection waited; the
  // poller's to add to while it does.
  private PartialHead partialHead;

  private Connection(Serving serving, SocketChannel channel, InetSocketAddress peer, byte[] sent) {
    this.serving = serving;
    this.peer = peer;
    this.partialHead = PartialHead.of(sent);
    this.bytesIn = sent.length;
    this.id = serving.open().nextId();
    this.channel = serving.pollers().poll(channel, id);
    this.acceptedMillis = serving.time().millis();
    this.expiryMillis = serving.expiry(acceptedMillis);
    this.thread = Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(this);
    enter(Phase.FRESH);
  }

  /**
   * Starts to serve a connection that has its permits; they are given back when it ends, but not if
   * this fails.
   *
   * @param sent what the client sent while it waited for them
   */
  static void start(Serving serving, SocketChannel channel, InetSocketAddress peer, byte[] sent) {
    Connection connection = new Connection(serving, channel, peer, sent);
    serving.open().add(connection);
    try {
      if (!serving.introductions().expected()) {
        serving.events().accepted();
      }
      connection.thread.start();
    } catch (RuntimeException | Error failure) {
      serving.open().remove(connection);
      throw failure;
    }
  }

  @Override
  public void run() {
    if (serving.introductions().expected() && !isIntroduced()) {
      return;
    }
    try (Pin _ = serving.pinned().pin()) {
      while (converse()) {
        if (partialHead.isEmpty()) {
          channel.awaitReadable(false);
        } else {
          channel.awaitRest(this);
        }
      }
    } catch (MalformedBody malformed) {
      end(CloseReason.PROTOCOL_ERROR);
    } catch (IOException broken) {
      end(CloseReason.IO_ERROR);
    } catch (Exception | Error failure) {
      end(CloseReason.HANDLER_ERROR);
      complain(() -> "connection " + id + " failed", failure);
    } finally {
      close();
    }
  }

  private void close() {
    end(CloseReason.CLIENT);
    try {
      closeChannel();
    } finally {
      forgetPartialHead();
      // Even if that failed for want of memory.
      giveBack();
      serving.clients().release(peer.getAddress());
    }
    closed();
  }

  // Shared by all that have none, so not to be locked.
  private void forgetPartialHead() {
    if (!partialHead.isEmpty()) {
      partialHead.free();
      partialHead = PartialHead.NONE;
    }
  }

  private void giveBack() {
    serving.open().remove(this);
    serving.limit().release();
  }

  private void closed() {
    long age = serving.time().millis() - acceptedMillis;
    serving.events().closed(reason(), requests, TimeUnit.MILLISECONDS.toNanos(age));
  }

  void complain(Supplier<String> what, Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      serving.events().outOfMemory();
    }
    try {
      LOG.log(Level.WARNING, what.get() + " of " + peer, failure);
    } catch (RuntimeException | Error unsaid) {
      // What follows matters more.
    }
  }

  /**
   * Learns from the proxy whose connection this is, and takes that client's permit. Otherwise it is
   * over, and all of it given back.
   */
  private boolean isIntroduced() {
    try {
      return introduced();
    } catch (RuntimeException | Error failure) {
      boolean stays = leave(CloseReason.IO_ERROR);
      complain(() -> "connection " + id + " failed", failure);
      return stays;
    }
  }

  // Fails only while it has its permit, and not the client's.
  private boolean introduced() {
    switch (introduction()) {
      case ProxyHeader.Relayed(InetSocketAddress client) -> peer = client;
      case ProxyHeader.Local _ -> {}
      case ProxyHeader.Malformed _ -> {
        return leave(CloseReason.PROTOCOL_ERROR);
      }
      case ProxyHeader.Incomplete _ -> {
        return leave(CloseReason.CLIENT);
      }
    }
    if (serving.clients().tryAcquire(peer.getAddress()) instanceof Admission.Refused refused) {
      return refuse(refused);
    }
    serving.events().accepted();
    return true;
  }

  private boolean refuse(Admission.Refused refused) {
    giveBack();
    try {
      serving.door().refuse(channel.handOver(), peer, refused);
    } catch (RuntimeException | Error failure) {
      closeChannel();
      complain(() -> "connection " + id + " failed", failure);
    }
    return false;
  }

  private ProxyHeader introduction() {
    try {
      Introductions.Source source = new Introductions.Source(partialHead.bytes(), channel);
      ProxyHeader header = serving.introductions().read(source, peer);
      partialHead = PartialHead.of(source.left());
      return header;
    } catch (IOException broken) {
      end(CloseReason.IO_ERROR);
    } catch (RuntimeException | Error failure) {
      end(CloseReason.IO_ERROR);
      complain(() -> "connection " + id + " failed", failure);
    }
    return new ProxyHeader.Incomplete(0);
  }

  private boolean leave(CloseReason why) {
    end(why);
    closeChannel();
    giveBack();
    serving.events().accepted();
    closed();
    return false;
  }

  /**
   * Serves what has come, until there is nothing more to do for now.
   *
   * @return whether the connection waits for more; otherwise it is over
   */
  private boolean converse() throws Exception {
    Optional<Upgraded> upgraded = Optional.empty();
    Dialogue.Outcome outcome;
    Exchange exchange = serving.exchanges().borrow(this, peer);
    try {
      boolean inPieces = !partialHead.isEmpty();
      if (inPieces) {
        exchange.put(partialHead.bytes());
        forgetPartialHead();
      }
      outcome = new Dialogue(serving, this, exchange, inPieces).run();
      if (outcome == Dialogue.Outcome.WAITS) {
        partialHead = exchange.partialHead();
      }
      if (outcome == Dialogue.Outcome.UPGRADED) {
        upgraded = Optional.of(exchange.upgraded());
      }
    } finally {
      serving.exchanges().giveBack(exchange);
    }
    // Without the exchange, whose memory others want.
    if (upgraded.isPresent()) {
      talk(upgraded.get());
    } else if (outcome == Dialogue.Outcome.LINGERS) {
      linger();
    }
    return outcome == Dialogue.Outcome.WAITS;
  }

  private void talk(Upgraded upgraded) throws IOException {
    upgraded
        .attended()
        .ifPresent(conversation -> attendance = new Attendance(conversation, serving.time()));
    enter(Phase.HIJACKED);
    try {
      channel.keepAlive();
      upgraded.converse(this);
    } catch (ProtocolException violation) {
      end(CloseReason.PROTOCOL_ERROR);
    } catch (IOException broken) {
      cut();
      throw broken;
    } catch (Exception | Error failure) {
      if (end(CloseReason.HANDLER_ERROR) || !endsFor(CloseReason.FORCED)) {
        complain(() -> "connection " + id + " failed", failure);
      }
      if (!hasSaidLast()) {
        cut();
      }
    }
    linger();
  }

  /**
   * Waits until something has come, or the end has.
   *
   * @param rest whether it is the rest of a message that has begun
   */
  void awaitReadable(boolean rest) throws IOException {
    channel.awaitReadable(rest);
  }

  /** Lets others run if it has long gone on without a wait, as of this {@link System#nanoTime}. */
  void giveWay(long now) {
    channel.giveWay(now);
  }

  /**
   * Waits for the client to have heard the last word: a close with its bytes unread would send a
   * reset, which can take away the answer that is on its way (RFC 9112, 9.6).
   */
  private void linger() {
    enter(Phase.LINGER);
    try {
      channel.shutdownOutput();
      Thread reading = hangUp;
      if (reading == null) {
        channel.skipToEnd();
      } else {
        // A second reader would leave it to wait for ever.
        awaitEnd(reading);
      }
    } catch (IOException gone) {
      // All was said.
    }
  }

  @SuppressWarnings("ThreadJoinLoop") // it interrupts this one at its end
  private static void awaitEnd(Thread reading) {
    try {
      reading.join();
    } catch (InterruptedException end) {
      // The client has hung up, or the server wants this connection's end.
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    Phase before = phase();
    if (before == Phase.HANDLER) {
      enter(Phase.BODY);
    }
    boolean hijacked = before.state() == ConnectionState.HIJACKED;
    if (hijacked) {
      listens(true);
    }
    int count;
    try {
      count = channel.read(into, before.state() == ConnectionState.ACTIVE);
    } catch (IOException broken) {
      throw new BrokenWire(broken);
    }
    if (hijacked) {
      listens(false);
      checkNotLate(count);
    }
    heard(count);
    if (before == Phase.HANDLER) {
      enter(Phase.HANDLER);
    }
    return count;
  }

  private void heard(int count) {
    if (count > 0) {
      bytesIn += count;
      Attendance attending = attendance;
      if (attending != null) {
        attending.heard();
      }
    }
  }

  // Once all is said to a client it may be silent only for so long, of which the time that others
  // take with what it has sent is no part.
  private void listens(boolean now) {
    if (saidLast) {
      enter(Phase.HIJACKED);
    }
    Attendance attending = attendance;
    if (now && attending != null) {
      attending.listens();
    }
    listens = now;
  }

  // The client has not ended it, as it would seem.
  private void checkNotLate(int count) throws BrokenWire {
    if (count < 0 && endsFor(CloseReason.READ_TIMEOUT)) {
      throw new BrokenWire(new SocketTimeoutException("the client took too long to say its last"));
    }
  }

  @Override
  public int readNow(ByteBuffer into) throws IOException {
    try {
      int count = channel.readNow(into);
      heard(count);
      return count;
    } catch (IOException broken) {
      throw new BrokenWire(broken);
    }
  }

  @Override
  public int skip(int most) throws IOException {
    Phase before = phase();
    if (before == Phase.HANDLER) {
      enter(Phase.BODY);
    }
    var skipped = new Skipping(most);
    int count = 0;
    while (count == 0) {
      try {
        channel.awaitRest(skipped);
      } catch (IOException broken) {
        throw new BrokenWire(broken);
      }
      count =
          skipped.count > 0
              ? skipped.count
              : readNow(ByteBuffer.allocate(Math.min(most, SKIPPED_AT_ONCE)));
    }
    if (before == Phase.HANDLER) {
      enter(Phase.HANDLER);
    }
    return count;
  }

  /** Drops what comes slowly of a body that nobody wants. */
  private final class Skipping implements PolledChannel.Gatherer {
    private final int most;
    private int count;

    Skipping(int most) {
      this.most = most;
    }

    @Override
    public int room() {
      return most - count;
    }

    @Override
    public boolean take(ByteBuffer piece) {
      count += piece.remaining();
      bytesIn += piece.remaining();
      Phase now = phase();
      if (now == Phase.BODY || now == Phase.HANDLER) {
        enter(now);
      }
      return count == most;
    }
  }

  @Override
  public int room() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean take(ByteBuffer piece) {
    bytesIn += piece.remaining();
    return partialHead.add(piece);
  }

  @Override
  public boolean isFrugal() {
    return !serving.exchanges().canSpare();
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    write(NO_BYTES, from);
  }

  @Override
  public void write(ByteBuffer first, ByteBuffer second) throws IOException {
    Phase before = phase();
    Phase writing = before.whileWriting();
    long since = phaseMillis();
    int end = second.limit();
    try {
      while (second.position() < end) {
        enter(writing);
        // What a heap buffer holds is copied for each attempt, so an attempt should not hold much
        // more than the socket takes.
        second.limit(Math.min(end, second.position() + WRITTEN_AT_ONCE));
        bytesOut +=
            first.hasRemaining()
                ? channel.write(new ByteBuffer[] {first, second})
                : channel.write(second);
      }
    } catch (IOException broken) {
      throw new BrokenWire(broken);
    }
    leaveWrite(before, since);
  }

  // A second thread of the handler's may read meanwhile, and have said so. If it did before, its
  // wait may have ended since, with nobody left to say that.
  private void leaveWrite(Phase before, long since) {
    if (before == Phase.BODY) {
      enter(Phase.HANDLER);
    } else if (phase() == before.whileWriting()) {
      setStatus(before, since);
    }
  }

  @Override
  public void endOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException gone) {
      // Which its next read tells.
    }
  }

  @Override
  public void saidLast() {
    if (attendance != null) {
      enter(Phase.PARTING);
    } else {
      enter(Phase.HIJACKED);
      saidLast = true;
    }
  }

  private boolean hasSaidLast() {
    return saidLast || phase() == Phase.PARTING;
  }

  @Override
  public boolean endsAfterThis() {
    if (reason == null && hangUp == null) {
      if (serving.drain().active()) {
        end(CloseReason.DRAIN);
      } else if (isTooOld(serving.time().millis())) {
        end(CloseReason.AGE);
      } else if (serving.shedding().claim()) {
        end(CloseReason.SHED);
      }
    }
    // Also if the sweeper was faster.
    return departing() || hangUp != null;
  }

  @Override
  public void interruptOnHangUp() {
    if (hangUp == null) {
      channel.keepAlive();
      hangUp = HangUp.await(channel, this::hungUp);
    }
  }

  // On a thread of its own.
  private void hungUp() {
    end(CloseReason.CLIENT);
    thread.interrupt();
  }

  long id() {
    return id;
  }

  InetSocketAddress peer() {
    return peer;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Counts a request. Returns its number on this connection. */
  int asked(int httpMinorVersion) {
    minorVersion = httpMinorVersion;
    return ++requests;
  }

  int requests() {
    return requests;
  }

  void enter(Phase phase) {
    setStatus(phase, serving.time().millis());
  }

  @SuppressWarnings("EnumOrdinal")
  void setStatus(Phase phase, long sinceMillis) {
    STATUS.setRelease(this, sinceMillis << PHASE_BITS | phase.ordinal());
  }

  Phase phase() {
    return phase(status());
  }

  long phaseMillis() {
    return sinceMillis(status());
  }

  /** What it is at and since when, in one word. */
  long status() {
    return (long) STATUS.getAcquire(this);
  }

  static Phase phase(long status) {
    return PHASES[(int) (status & ((1 << PHASE_BITS) - 1))];
  }

  static long sinceMillis(long status) {
    return status >> PHASE_BITS;
  }

  // ---- For the sweeper, on its thread.

  ConnectionState state() {
    return phase().state();
  }

  boolean endsFor(CloseReason why) {
    return REASON.getOpaque(this) == why;
  }

  /** Whether it has a reason to end, and is about to. */
  boolean departing() {
    return (CloseReason) REASON.getOpaque(this) != null;
  }

  /**
   * Since when it has nothing to do, in coarse milliseconds, or its client has said nothing in a
   * protocol that has a goodbye; otherwise {@link Long#MAX_VALUE}.
   */
  long idleSince() {
    long now = status();
    Phase phase = phase(now);
    Attendance attending = attendance;
    if (phase == Phase.HIJACKED && attending != null) {
      return listens ? attending.heardMillis() : Long.MAX_VALUE;
    }
    return phase == Phase.IDLE || phase == Phase.FRESH ? sinceMillis(now) : Long.MAX_VALUE;
  }

  /**
   * Since when it speaks another protocol, or was last heard in it; {@link Long#MAX_VALUE} if it
   * does not.
   */
  long hijackedSince() {
    long now = status();
    Phase phase = phase(now);
    if (phase != Phase.HIJACKED && phase != Phase.TELLING) {
      return Long.MAX_VALUE;
    }
    Attendance attending = attendance;
    return attending == null ? sinceMillis(now) : attending.heardMillis();
  }

  /** Whether it is as old as it may become. */
  boolean isTooOld(long nowMillis) {
    return nowMillis >= expiryMillis;
  }

  /** Whether its client has been asked for a sign of life, and has given none. */
  boolean isLost(long nowMillis) {
    Attendance attending = attendance;
    return attending != null && listens && attending.isLost(nowMillis, serving.timeouts().idle());
  }

  /** For how long it has waited for the rest of a message; 0 if it does not. */
  long millisForRest() {
    return channel.millisForRest();
  }

  /** For how long it has waited for the client to take something; 0 if it does not. */
  long millisForRoom() {
    return channel.millisForRoom();
  }

  /**
   * Ends it if all has been said to the client, and the wait for what that sends has made no
   * progress since the status was looked at: it may have begun only then.
   */
  void endIfSilent(long seenStatus) {
    if (saidLast && listens && status() == seenStatus) {
      endBody();
    }
  }

  /** Ends the wait for more of what the client sends. */
  void endBody() {
    end(CloseReason.READ_TIMEOUT);
    endInput();
  }

  /**
   * Ends it from outside by ending its input: a thread that waits for a request finds none, one
   * that waits for the rest of one can still say what was wrong, one that answers finishes its
   * answer, and one that speaks another protocol says goodbye; if that is the server's to say, it
   * has it said instead.
   */
  void finish(CloseReason why) {
    if (end(why)) {
      Attendance attending = attendance;
      if (attending == null) {
        endInput();
      } else {
        attending.goodbye(this::endInput);
      }
    }
  }

  /** Has whoever reads find the end. */
  void endInput() {
    try {
      channel.shutdownInput();
    } catch (IOException gone) {
      // The thread has closed it meanwhile, or will find that out itself.
    }
  }

  /**
   * Ends it now, whatever it is at. One that was told to end and has not is cut all the same, and
   * counts so; only one that has said its last word keeps its reason.
   */
  void force() {
    if (phase() != Phase.LINGER) {
      REASON.setVolatile(this, CloseReason.FORCED);
    }
    cut();
    thread.interrupt();
  }

  /** What it looks like at {@code nowMillis}. */
  ConnectionInfo info(long nowMillis) {
    ConnectionState state = state();
    long idle = state == ConnectionState.IDLE ? nowMillis - phaseMillis() : 0;
    return new ConnectionInfo(
        id,
        peer,
        state,
        requests == 0 ? "" : "HTTP/1." + minorVersion,
        Duration.ofMillis(nowMillis - acceptedMillis),
        Duration.ofMillis(Math.max(0, idle)),
        requests,
        bytesIn,
        bytesOut);
  }

  // ---- For any thread.

  /** Gives a reason for its end; whether it is the first. */
  boolean end(CloseReason why) {
    return REASON.compareAndSet(this, null, why);
  }

  private CloseReason reason() {
    CloseReason given = (CloseReason) REASON.getVolatile(this);
    return given == null ? CloseReason.CLIENT : given;
  }

  /** Closes it with a reset, so that the client can't take what it got for all there was. */
  void cut() {
    try {
      channel.cut();
    } catch (IOException broken) {
      unclean(broken);
    }
  }

  /** Closes it, whatever it is at. */
  void closeChannel() {
    try {
      channel.close();
    } catch (IOException broken) {
      unclean(broken);
    }
  }

  private void unclean(IOException broken) {
    LOG.log(Level.DEBUG, "connection " + id + " did not close cleanly", broken);
  }
}
