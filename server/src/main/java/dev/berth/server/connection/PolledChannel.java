package dev.berth.server.connection;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose reads and writes wait, parked, until its {@link Poller} says that they can go on.
 * It is not known to the poller before it has to wait for the first time, as many never do.
 *
 * <p>One thread may read while another writes; one that comes to read while another waits to takes
 * its place, and that one fails. Shutting down and closing are for any thread. A thread that is
 * interrupted while it waits closes it, as with any channel, but with a reset.
 */
final class PolledChannel implements ByteChannel {
  private static final int DROPPED_AT_ONCE = 512;
  private static final int SILENT_SECONDS = 60;
  private static final int ASKED_EACH_SECONDS = 15;
  private static final int ASKED_TIMES = 4;
  private static final long NEVER_WAITED = -1;

  /** So that small reads and writes need not pay for a look at the time each. */
  private static final int CALLS_BETWEEN_LOOKS = 16;

  private static final VarHandle READER;

  static {
    try {
      READER = MethodHandles.lookup().findVarHandle(PolledChannel.class, "reader", Thread.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final SocketChannel channel;
  private final Poller poller;
  private volatile @Nullable SelectionKey key;
  // Who waits: written by the one who does, and set to null by whoever wakes it.
  private volatile @Nullable Thread reader;
  private volatile @Nullable Thread writer;
  // Since when the reader waits for the rest of a message; 0 if for a new one. Of no meaning when
  // there is no reader, who writes it first; so with who takes that rest, meanwhile the poller's:
  // which takes it under the lock of this, so that the reader, whoever wakes it, has it back whole.
  private long restSince = NEVER_WAITED;
  private @Nullable Gatherer gatherer;
  // Since when the writer waits; of no meaning when there is none, who writes it first.
  private long roomSince;
  // How often it was read and written since somebody last waited, and since when, as far as anybody
  // has looked; 0 if nobody has. Where one reads while another writes, both may be off a little.
  private int calls;
  private long turnBegan;

  /**
   * Takes the rest of a message that comes slowly, on the poller's thread, so that its reader is
   * not woken for each piece. What it does is to be short.
   */
  interface Gatherer {
    /** The most bytes that it takes now, 1 or more. */
    int room();

    /**
     * Takes what has come, which is gone from the channel.
     *
     * @return whether the reader is to go on, which otherwise waits for more
     */
    boolean take(ByteBuffer piece);
  }

  /** Of a channel that does not block. */
  PolledChannel(SocketChannel channel, Poller poller) {
    this.channel = channel;
    this.poller = poller;
  }

  /** Gives the channel itself away, to one who does the waiting from here on. */
  SocketChannel handOver() {
    SelectionKey known = key;
    if (known != null) {
      known.cancel();
      poller.nudge();
    }
    return channel;
  }

  /** Reads at least a byte, waiting for it; -1 at the end. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    return read(into, false);
  }

  /**
   * Reads likewise.
   *
   * @param rest whether it belongs to a message that has begun
   */
  int read(ByteBuffer into, boolean rest) throws IOException {
    giveWayAtTimes();
    int count = channel.read(into);
    while (count == 0 && into.hasRemaining()) {
      awaitReadable(rest);
      count = channel.read(into);
    }
    return count;
  }

  /** Reads what has come, 0 if nothing has; -1 at the end. */
  int readNow(ByteBuffer into) throws IOException {
    giveWayAtTimes();
    return channel.read(into);
  }

  /** Reads and drops all that comes, to the end. */
  void skipToEnd() throws IOException {
    ByteBuffer dropped = ByteBuffer.allocate(DROPPED_AT_ONCE);
    while (read(dropped) >= 0) {
      dropped.clear();
    }
  }

  /**
   * Waits until there is something to read, which may turn out to be nothing.
   *
   * @param rest whether it is the rest of a message that has begun
   */
  @SuppressWarnings("ThreadPriorityCheck")
  void awaitReadable(boolean rest) throws IOException {
    if (key == null && restSince == NEVER_WAITED) {
      // A client that has just connected is about to ask, and many ask only once: to make its
      // channel known to the poller costs more than all else about it.
      restSince = 0;
      Thread.yield();
      return;
    }
    restSince = rest ? poller.nanos() : 0;
    Thread me = Thread.currentThread();
    sendHome(me);
    watch(SelectionKey.OP_READ);
    while (reader == me && channel.isOpen()) {
      park();
    }
    checkStillReads(me);
  }

  // Who waited until now is perhaps a thread that a handler has left behind. Apart, as the thread
  // parks in the method above, whose frame is small only if it is compiled early, which what is
  // resolved late keeps it from.
  private void sendHome(Thread next) {
    LockSupport.unpark((Thread) READER.getAndSet(this, next));
  }

  private void checkStillReads(Thread me) throws IOException {
    Thread now = reader;
    if (now != null && now != me) {
      throw new IOException("another thread reads now");
    }
  }

  /**
   * Waits for the rest of a message that has begun, which is taken meanwhile if it comes slowly;
   * until that is enough, or there is something to read, which may turn out to be nothing.
   */
  void awaitRest(Gatherer takes) throws IOException {
    gatherer = takes;
    try {
      awaitReadable(true);
    } finally {
      synchronized (this) {
        gatherer = null;
      }
    }
  }

  /** Writes at least a byte, waiting while the client is slow to read. */
  @Override
  public int write(ByteBuffer from) throws IOException {
    giveWayAtTimes();
    int count = channel.write(from);
    while (count == 0 && from.hasRemaining()) {
      awaitWritable();
      count = channel.write(from);
    }
    return count;
  }

  /** Writes at least a byte of these. */
  long write(ByteBuffer[] from) throws IOException {
    giveWayAtTimes();
    long count = channel.write(from);
    while (count == 0) {
      awaitWritable();
      count = channel.write(from);
    }
    return count;
  }

  private void awaitWritable() throws IOException {
    roomSince = poller.nanos();
    writer = Thread.currentThread();
    watch(SelectionKey.OP_WRITE);
    while (writer != null && channel.isOpen()) {
      park();
    }
  }

  private void giveWayAtTimes() {
    if (++calls % CALLS_BETWEEN_LOOKS == 0) {
      giveWay(System.nanoTime());
    }
  }

  /**
   * Lets others run if it has long gone on without a wait, as it does while its client sends or
   * takes more than can be dealt with. Nobody takes the carrier from a virtual thread, and one that
   * yields is soon back on it: so it parks, for the reason that a {@link Poller} does.
   *
   * @param now by {@link System#nanoTime}
   */
  void giveWay(long now) {
    if (turnBegan == 0) {
      turnBegan = now;
    } else if (now - turnBegan >= Poller.TURN_NANOS) {
      turnBegan = 0;
      LockSupport.parkNanos(Poller.ASIDE_NANOS);
    }
  }

  private void park() throws IOException {
    calls = 0;
    turnBegan = 0;
    LockSupport.park();
    if (Thread.currentThread().isInterrupted()) {
      cut();
      throw new ClosedByInterruptException();
    }
  }

  private void watch(int event) throws IOException {
    SelectionKey present = key;
    SelectionKey known = present == null ? known() : present;
    try {
      if ((known.interestOps() & event) == 0) {
        known.interestOpsOr(event);
        poller.nudge();
      }
    } catch (CancelledKeyException closed) {
      // The next read or write says so.
    }
  }

  // Once, though one may begin to read as another begins to write.
  private synchronized SelectionKey known() throws IOException {
    SelectionKey present = key;
    SelectionKey known = present == null ? poller.add(this) : present;
    key = known;
    return known;
  }

  /** Registers it, with an interest in what there is to read. */
  SelectionKey register(Selector selector) throws IOException {
    return channel.register(selector, SelectionKey.OP_READ, this);
  }

  private long nanosForRest() {
    long since = reader == null ? 0 : restSince;
    return since == 0 ? 0 : poller.nanos() - since;
  }

  // ---- For the poller, on its thread.

  /** Whether it has waited for the rest of a message that long. */
  boolean waitsForRest(long nanos) {
    return nanosForRest() >= nanos;
  }

  /** Whether the rest that its reader waits for is gathered. */
  boolean gathers() {
    return gatherer != null;
  }

  /**
   * Has that rest gathered, as far as it has come.
   *
   * @param scratch to read into
   * @return whether the reader has to go on
   */
  synchronized boolean gather(ByteBuffer scratch) {
    // In this order: the reader has written them in the other.
    Gatherer takes = reader == null ? null : gatherer;
    if (takes == null) {
      return true;
    }
    try {
      int count = channel.read(scratch.clear().limit(Math.min(scratch.capacity(), takes.room())));
      if (count == 0 || (count > 0 && !takes.take(scratch.flip()))) {
        return false;
      }
    } catch (IOException broken) {
      // Its reader finds out.
    } catch (RuntimeException | Error lost) {
      // With what has been read.
      try {
        close();
      } catch (IOException e) {
        lost.addSuppressed(e);
      }
      throw lost;
    }
    return true;
  }

  /** Asks no more whether there is something to read, as there is: who waits is woken later. */
  void standAside(SelectionKey selected) {
    try {
      selected.interestOpsAnd(~SelectionKey.OP_READ);
    } catch (CancelledKeyException closed) {
      // Whoever closed it has woken them.
    }
  }

  /** Asks again. */
  void standInLine(SelectionKey selected) {
    try {
      selected.interestOpsOr(SelectionKey.OP_READ);
    } catch (CancelledKeyException closed) {
      // Whoever closed it has woken them.
    }
  }

  /** What it is ready for: nothing, if it was closed meanwhile. */
  static int readyFor(SelectionKey selected) {
    try {
      return selected.readyOps();
    } catch (CancelledKeyException closed) {
      // Whoever closed it has woken them.
      return 0;
    }
  }

  /** Wakes who waits to write, and asks no more whether that can go on. */
  void wakeWriter(SelectionKey selected) {
    try {
      selected.interestOpsAnd(~SelectionKey.OP_WRITE);
      wakeWriter();
    } catch (CancelledKeyException closed) {
      // Whoever closed it has woken them.
    }
  }

  /** Asks no more whether there is something to read, until somebody waits for it. */
  void ignore() {
    SelectionKey known = key;
    if (known == null) {
      return;
    }
    try {
      known.interestOpsAnd(~SelectionKey.OP_READ);
      if (reader != null) {
        // Has begun to wait meanwhile, when all seemed well.
        known.interestOpsOr(SelectionKey.OP_READ);
      }
    } catch (CancelledKeyException closed) {
      // Nobody waits for it.
    }
  }

  // ---- For any thread.

  /** For how long somebody has waited for the rest of a message; 0 if nobody does. */
  long millisForRest() {
    return TimeUnit.NANOSECONDS.toMillis(nanosForRest());
  }

  /** For how long somebody has waited for the client to take something; 0 if nobody does. */
  long millisForRoom() {
    return writer == null ? 0 : TimeUnit.NANOSECONDS.toMillis(poller.nanos() - roomSince);
  }

  // Has who waits look again.
  private void awaken() {
    wakeReader();
    wakeWriter();
  }

  /**
   * Wakes who waits to read.
   *
   * @return whether somebody did; if not, it goes on being ready
   */
  boolean wakeReader() {
    // Nobody may have begun to wait in between when it is set to null without being woken.
    Thread waiting = (Thread) READER.getAndSet(this, null);
    LockSupport.unpark(waiting);
    return waiting != null;
  }

  private void wakeWriter() {
    Thread waiting = writer;
    if (waiting != null) {
      writer = null;
      LockSupport.unpark(waiting);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Ends what is read: a reader finds the end. */
  void shutdownInput() throws IOException {
    channel.shutdownInput();
    awaken();
  }

  /** Ends what is written. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /**
   * Has the kernel ask the other side, when it is silent, whether it is there, so that one which
   * has vanished is found out within two minutes. Not known to be needed before it is an upgraded
   * connection's, or that of an answer without an end: so others are spared the calls.
   */
  void keepAlive() {
    try {
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, SILENT_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, ASKED_EACH_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, ASKED_TIMES);
    } catch (IOException | UnsupportedOperationException gone) {
      // Closed meanwhile; or the system has its own times.
    }
  }

  /**
   * Closes it with a reset, so that the client can't take what it got for all there was, and the
   * kernel holds nothing for it any more.
   */
  void cut() throws IOException {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException | UnsupportedOperationException gone) {
      // Closed meanwhile.
    }
    close();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      if (key != null) {
        // It is the poller that lets go of the descriptor.
        poller.nudge();
      }
      awaken();
    }
  }
}
