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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts connections, and gives each to its own thread or to the door. Owns the listening socket:
 * only its thread binds, accepts and closes, so that nothing that has reached the queue is lost by
 * a close.
 *
 * <p>A platform thread, so that it comes to run however busy the virtual ones are.
 */
final class Listener implements Runnable {
  private static final Logger LOG = System.getLogger(Listener.class.getName());
  private static final int BACKLOG = 4096;
  private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Serving serving;
  private final Door door;
  // Of those it can tell apart: none, where a proxy stands before them all.
  private final ClientLimit clients;
  private final Duration queueTimeout;
  private final boolean reusePort;
  private final Selector selector;
  private final InetSocketAddress address;

  // The listener's thread's.
  private ServerSocketChannel socket;
  private boolean outOfDescriptors;

  // What others ask for.
  private volatile boolean open = true;
  private volatile boolean stopped;
  private volatile boolean broken;

  /**
   * Binds.
   *
   * @param queueTimeout how long a connection may wait for a permit; zero: not at all
   * @param reusePort whether other processes may listen on the same port, and are there to take
   *     over when this one drains
   */
  Listener(Serving serving, InetSocketAddress listen, Duration queueTimeout, boolean reusePort)
      throws IOException {
    this.serving = serving;
    this.door = serving.door();
    this.clients = serving.introductions().expected() ? ClientLimit.none() : serving.clients();
    this.queueTimeout = queueTimeout;
    this.reusePort = reusePort;
    this.selector = Selector.open();
    this.socket = bind(listen);
    this.address = (InetSocketAddress) socket.getLocalAddress();
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

  /** Where it listens, with the port that was given for port 0. */
  InetSocketAddress address() {
    return address;
  }

  /** Whether it has ended without being told to. */
  boolean broken() {
    return broken;
  }

  /**
   * Follows the drain: with others on the same port, new connections are theirs as soon as it
   * begins.
   */
  void drain(Drain.Stage stage) {
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
  }

  @Override
  public void run() {
    try (selector) {
      while (!stopped) {
        selector.select();
        selector.selectedKeys().clear();
        acceptAll();
        follow();
      }
      close();
    } catch (IOException | RuntimeException | Error failure) {
      broken = true;
      LOG.log(Level.ERROR, "listening on " + address + " has ended", failure);
    }
  }

  private void follow() throws IOException {
    if (!open && socket.isOpen()) {
      close();
    } else if (open && !socket.isOpen()) {
      socket = bind(address);
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
    try {
      while (socket.isOpen()) {
        SocketChannel channel = socket.accept();
        if (channel == null) {
          return;
        }
        outOfDescriptors = false;
        take(channel);
      }
    } catch (IOException failure) {
      backOff(failure);
    }
  }

  // Mostly EMFILE: the connection stays in the queue, so that trying again at once would only burn
  // the processor.
  private void backOff(IOException failure) {
    if (!outOfDescriptors) {
      outOfDescriptors = true;
      LOG.log(
          Level.WARNING,
          "can't accept connections on " + address + " for now: " + failure.getMessage());
    }
    LockSupport.parkNanos(BACK_OFF_NANOS);
  }

  private void take(SocketChannel channel) throws IOException {
    InetSocketAddress peer;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      peer = (InetSocketAddress) channel.getRemoteAddress();
    } catch (IOException gone) {
      channel.close();
      return;
    }
    if (serving.drain().stage() == Drain.Stage.REFUSING) {
      door.refuse(channel, peer, Refused.DRAINING);
    } else if (clients.tryAcquire(peer.getAddress()) instanceof Refused refused) {
      door.refuse(channel, peer, refused);
    } else {
      admit(channel, peer, serving.limit().tryAcquire());
    }
  }

  private void admit(SocketChannel channel, InetSocketAddress peer, Admission admission) {
    switch (admission) {
      case Admitted permit -> Connection.start(serving, channel, peer);
      case Refused refused when queueTimeout.isPositive() ->
          Thread.ofVirtual().start(() -> await(channel, peer));
      case Refused refused -> turnAway(channel, peer, refused);
    }
  }

  private void await(SocketChannel channel, InetSocketAddress peer) {
    switch (serving.limit().acquire(queueTimeout)) {
      case Admitted permit -> {
        if (stopped || serving.drain().stage() == Drain.Stage.REFUSING) {
          serving.limit().release();
          turnAway(channel, peer, Refused.DRAINING);
        } else {
          startUnlessStopped(channel, peer);
        }
      }
      case Refused refused -> turnAway(channel, peer, refused);
    }
  }

  // Whoever stops the server cuts what is open, and this one may come just too late for that.
  private void startUnlessStopped(SocketChannel channel, InetSocketAddress peer) {
    Connection.start(serving, channel, peer);
    if (stopped) {
      serving.open().forEach(Connection::force);
    }
  }

  private void turnAway(SocketChannel channel, InetSocketAddress peer, Refused reason) {
    clients.release(peer.getAddress());
    door.refuse(channel, peer, reason);
  }
}
