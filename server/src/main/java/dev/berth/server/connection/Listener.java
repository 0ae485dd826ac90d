package dev.berth.server.connection;

import dev.berth.server.limit.Admission;
import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.limit.ClientLimit;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts connections, and gives each to its own thread or to the door. Owns the listening socket:
 * only its thread binds, accepts and closes, so that nothing that has reached the queue is lost by
 * a close.
 *
 * <p>While it refuses, it accepts once a millisecond: what came meanwhile is refused together, with
 * one wake-up for all, and has mostly asked by then. A flood of the refused thus takes less from
 * the admitted, and who is admitted amid it waits that long at most.
 *
 * <p>A platform thread, so that it comes to run however busy the virtual ones are. Out of
 * descriptors, it gives the spare ones to the rest of the process, and accepts again once it can
 * take all of them back; meanwhile clients wait in the socket's queue.
 */
final class Listener implements Runnable {
  private static final Logger LOG = System.getLogger(Listener.class.getName());
  private static final int BACKLOG = 4096;
  private static final long BACK_OFF_MILLIS = 50;
  private static final long SAID_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long REFUSING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int FAILURES_IN_A_ROW = 100;
  private static final byte[] NOTHING = {};

  private final Serving serving;
  private final Door door;
  // Of those it can tell apart: none, where a proxy stands before them all.
  private final ClientLimit clients;
  private final Duration queueTimeout;
  private final boolean reusePort;
  private final Optional<WaitingClients> waiting;
  private final Selector selector;
  private final InetSocketAddress address;

  // The listener's thread's.
  private final Descriptors spare;
  private ServerSocketChannel socket;
  private boolean backedOff;
  private boolean refusing;
  private long saidNanos = System.nanoTime() - SAID_AGAIN_NANOS;
  private int failures;

  // What others ask for.
  private volatile boolean open = true;
  private volatile boolean stopped;

  /**
   * Binds.
   *
   * @param queueTimeout how long a connection may wait for a permit; zero: not at all
   * @param reusePort whether other processes may listen on the same port, and are there to take
   *     over when this one drains
   * @param spareDescriptors how many to keep back for when there are no more
   */
  Listener(
      Serving serving,
      InetSocketAddress listen,
      Duration queueTimeout,
      boolean reusePort,
      int spareDescriptors)
      throws IOException {
    this.serving = serving;
    this.door = serving.door();
    this.clients = serving.introductions().expected() ? ClientLimit.none() : serving.clients();
    this.queueTimeout = queueTimeout;
    this.reusePort = reusePort;
    this.spare = new Descriptors(spareDescriptors);
    this.selector = Selector.open();
    try {
      this.socket = bind(listen);
      this.address = (InetSocketAddress) socket.getLocalAddress();
      this.waiting =
          queueTimeout.isPositive() ? Optional.of(new WaitingClients()) : Optional.empty();
      spare.keep();
    } catch (IOException | RuntimeException | Error failure) {
      close(selector);
      throw failure;
    }
  }

  private static void close(Selector selector) throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private ServerSocketChannel bind(InetSocketAddress listen) throws IOException {
    ServerSocketChannel bound = ServerSocketChannel.open();
    try {
      if (reusePort) {
        bound.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      bound.bind(listen, BACKLOG);
      bound.configureBlocking(false);
      bound.register(selector, SelectionKey.OP_ACCEPT);
      return bound;
    } catch (IOException | RuntimeException failure) {
      bound.close();
      String where = listen.getHostString() + ":" + listen.getPort();
      throw new IOException("can't listen on " + where + ": " + failure.getMessage(), failure);
    }
  }

  /** What is to run beside it, on a thread of its own, if connections may wait. */
  Optional<WaitingClients> waiting() {
    return waiting;
  }

  /** Where it listens, with the port that was given for port 0. */
  InetSocketAddress address() {
    return address;
  }

  /**
   * Follows the drain: with others on the same port, new connections are theirs as soon as it
   * begins; and once none is taken any more, those that wait are told so.
   */
  void drain(Drain.Stage stage) {
    waiting.ifPresent(clients -> clients.dismiss(stage == Drain.Stage.REFUSING));
    boolean wanted = !reusePort || stage == Drain.Stage.SERVING;
    if (wanted != open) {
      open = wanted;
      selector.wakeup();
    }
  }

  /** Closes the socket, once what is queued has been accepted, and ends the thread. */
  void stop() {
    stopped = true;
    selector.wakeup();
    waiting.ifPresent(WaitingClients::stop);
  }

  @Override
  public void run() {
    try (selector) {
      while (!stopped) {
        try {
          round();
          failures = 0;
        } catch (OutOfMemoryError full) {
          outOfMemory(full);
        }
      }
      close();
      spare.giveUp();
    } catch (IOException | RuntimeException | Error failure) {
      LOG.log(Level.ERROR, "listening on " + address + " has ended", failure);
    }
  }

  private void round() throws IOException {
    if (refusing) {
      refusing = false;
      LockSupport.parkNanos(REFUSING_NANOS);
    }
    selector.select(open == socket.isOpen() ? 0 : BACK_OFF_MILLIS);
    selector.selectedKeys().clear();
    acceptAll();
    follow();
  }

  // A full heap is some handler's doing, and mostly over in a moment. If not, nobody is served here
  // any more.
  private void outOfMemory(OutOfMemoryError full) {
    if (++failures == FAILURES_IN_A_ROW) {
      throw full;
    }
    serving.events().outOfMemory();
    pause();
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BACK_OFF_MILLIS));
  }

  private void follow() throws IOException {
    if (!open && socket.isOpen()) {
      close();
    } else if (open && !socket.isOpen()) {
      try {
        socket = bind(address);
      } catch (IOException failure) {
        backOff(failure);
      }
    }
  }

  private void close() throws IOException {
    acceptAll();
    socket.close();
    // The selector holds on to a closed socket's key, and with it to the port, until its next
    // round.
    selector.selectNow();
  }

  private void acceptAll() {
    if (backedOff && !spare.keep()) {
      pause();
      return;
    }
    try {
      while (socket.isOpen()) {
        SocketChannel channel = socket.accept();
        if (channel == null) {
          break;
        }
        take(channel);
      }
      goOn();
    } catch (IOException failure) {
      backOff(failure);
    }
  }

  // Mostly EMFILE: the connection stays in the queue, so that trying again at once would only burn
  // the processor.
  private void backOff(IOException failure) {
    spare.giveUp();
    if (!backedOff && System.nanoTime() - saidNanos >= SAID_AGAIN_NANOS) {
      saidNanos = System.nanoTime();
      LOG.log(
          Level.WARNING,
          "can't accept connections on " + address + " for now: " + failure.getMessage());
    }
    backedOff = true;
    pause();
  }

  private void goOn() {
    if (backedOff) {
      backedOff = false;
      LOG.log(Level.DEBUG, "accepts connections on " + address + " again");
    }
  }

  private void take(SocketChannel channel) throws IOException {
    InetSocketAddress peer;
    try {
      channel.configureBlocking(false);
      peer = (InetSocketAddress) channel.getRemoteAddress();
    } catch (IOException gone) {
      channel.close();
      return;
    }
    try {
      sort(channel, peer);
    } catch (OutOfMemoryError full) {
      channel.close();
      throw full;
    }
  }

  private void sort(SocketChannel channel, InetSocketAddress peer) {
    if (serving.drain().stage() == Drain.Stage.REFUSING) {
      refuse(channel, peer, Refused.DRAINING);
    } else if (clients.tryAcquire(peer.getAddress()) instanceof Refused refused) {
      refuse(channel, peer, refused);
    } else {
      admit(channel, peer, serving.limit().tryAcquire());
    }
  }

  private void admit(SocketChannel channel, InetSocketAddress peer, Admission admission) {
    switch (admission) {
      case Admitted permit -> start(channel, peer, NOTHING);
      case Refused refused when waiting.isPresent() -> queue(waiting.get(), channel, peer);
      case Refused refused -> {
        refusing = true;
        turnAway(channel, peer, refused, NOTHING);
      }
    }
  }

  private void refuse(SocketChannel channel, InetSocketAddress peer, Refused reason) {
    refusing = true;
    door.refuse(channel, peer, reason);
  }

  private void start(SocketChannel channel, InetSocketAddress peer, byte[] sent) {
    try {
      // Not before: who is refused is sent no more than one piece.
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException gone) {
      // The first read says so.
    }
    try {
      Connection.start(serving, channel, peer, sent);
    } catch (RuntimeException | Error failure) {
      clients.release(peer.getAddress());
      serving.limit().release();
      throw failure;
    }
  }

  private void queue(WaitingClients watch, SocketChannel channel, InetSocketAddress peer) {
    try {
      Thread.ofVirtual().start(() -> await(watch, channel, peer));
    } catch (RuntimeException | Error failure) {
      clients.release(peer.getAddress());
      throw failure;
    }
  }

  private void await(WaitingClients watch, SocketChannel channel, InetSocketAddress peer) {
    try {
      awaitPermit(watch, channel, peer);
    } catch (RuntimeException | Error failure) {
      close(channel);
      throw failure;
    }
  }

  @SuppressWarnings("ThreadInterrupted")
  private void awaitPermit(WaitingClients watch, SocketChannel channel, InetSocketAddress peer) {
    Admission admission = Refused.HUNG_UP;
    Optional<byte[]> sent;
    try {
      WaitingClient client = new WaitingClient(channel, Thread.currentThread());
      watch.watch(client);
      admission = serving.limit().acquire(queueTimeout);
      sent = watch.end(client);
    } catch (RuntimeException | Error failure) {
      giveBack(admission);
      clients.release(peer.getAddress());
      throw failure;
    }
    // Who was sent home would not wait for the door.
    Thread.interrupted();
    if (sent.isEmpty()) {
      giveBack(admission);
      leave(channel, peer);
      return;
    }
    switch (admission) {
      case Admitted permit -> {
        if (stopped || serving.drain().stage() == Drain.Stage.REFUSING) {
          giveBack(permit);
          turnAway(channel, peer, Refused.DRAINING, asked(sent.get()));
        } else {
          startUnlessStopped(channel, peer, sent.get());
        }
      }
      case Refused refused -> turnAway(channel, peer, refused, asked(sent.get()));
    }
  }

  // A proxy's header is no request yet.
  private byte[] asked(byte[] sent) {
    return serving.introductions().expected() ? NOTHING : sent;
  }

  private void giveBack(Admission admission) {
    if (admission instanceof Admitted) {
      serving.limit().release();
    }
  }

  // Nobody is there to be answered.
  private void leave(SocketChannel channel, InetSocketAddress peer) {
    clients.release(peer.getAddress());
    serving.events().rejected(Refused.HUNG_UP);
    close(channel);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException broken) {
      // It is gone either way.
    }
  }

  // Whoever stops the server cuts what is open, and this one may come just too late for that.
  private void startUnlessStopped(SocketChannel channel, InetSocketAddress peer, byte[] sent) {
    start(channel, peer, sent);
    if (stopped) {
      serving.open().forEach(Connection::force);
    }
  }

  private void turnAway(
      SocketChannel channel, InetSocketAddress peer, Refused reason, byte[] heard) {
    clients.release(peer.getAddress());
    door.refuse(channel, peer, reason, heard);
  }
}
