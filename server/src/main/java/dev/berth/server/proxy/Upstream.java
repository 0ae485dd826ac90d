package dev.berth.server.proxy;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * An upstream, and the connections to it: a bounded number for requests, lent for one at a time and
 * kept for the next, the last one given back first, so that those which aren't needed get old.
 * Those that are upgraded, or stream events, no longer count: each belongs to a connection of a
 * client, of which the server's own limit bounds the number. Safe for any number of threads.
 */
final class Upstream implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Upstream.class.getName());

  // A 101 is sent at once, so that its client can't be reached is known by then.
  private static final Duration ABANDONED_AFTER = Duration.ofMinutes(2);

  private final UpstreamAddress address;
  private final UpstreamLimits limits;
  private final UpstreamEvents events;
  private final LongSupplier nanoTime;
  private final Semaphore permits;
  // Of those that hold a permit's place but no request; never more than there are free permits.
  private final Deque<UpstreamConnection> idle = new ConcurrentLinkedDeque<>();
  // Of those whose client is about to take them over.
  private final Set<UpstreamConnection> handedOver = ConcurrentHashMap.newKeySet();
  private final Set<UpstreamConnection> detached = ConcurrentHashMap.newKeySet();
  private final Set<UpstreamConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean reachable = new AtomicBoolean(true);

  Upstream(
      UpstreamAddress address,
      UpstreamLimits limits,
      UpstreamEvents events,
      LongSupplier nanoTime) {
    this.address = address;
    this.limits = limits;
    this.events = events;
    this.nanoTime = nanoTime;
    this.permits = new Semaphore(limits.connections(), true);
  }

  UpstreamAddress address() {
    return address;
  }

  UpstreamEvents events() {
    return events;
  }

  /**
   * Lends a connection, which may turn out to have ended. Whoever borrows it gives it back, drops
   * or detaches it.
   *
   * @throws UpstreamFailure if there is none for too long, or a new one can't be had
   */
  UpstreamConnection borrow() throws IOException, InterruptedException {
    long patience = limits.queueTimeout().toNanos();
    if (!permits.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
      throw new UpstreamFailure(UpstreamOutcome.BUSY, "all connections to the upstream are in use");
    }
    boolean lent = false;
    try {
      UpstreamConnection connection = quietOne();
      lent = true;
      return connection;
    } finally {
      if (!lent) {
        permits.release();
      }
    }
  }

  private UpstreamConnection quietOne() throws IOException {
    for (UpstreamConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      boolean quiet = false;
      try {
        quiet = kept.isQuiet();
      } finally {
        if (!quiet) {
          forget(kept);
        }
      }
      if (quiet) {
        return kept;
      }
    }
    return connect();
  }

  /** Exchanges a connection that has turned out to have ended for a new one. */
  UpstreamConnection replace(UpstreamConnection ended) throws IOException {
    forget(ended);
    return connect();
  }

  void giveBack(UpstreamConnection connection) {
    try {
      connection.rest();
      idle.addFirst(connection);
    } catch (OutOfMemoryError full) {
      // Whoever had it is done with it, and the next request opens another.
      forget(connection);
    } finally {
      permits.release();
    }
  }

  /** Takes back one that is not to be used again. */
  void drop(UpstreamConnection connection) {
    if (!detached.remove(connection)) {
      permits.release();
    }
    forget(connection);
  }

  /** Takes back one in the middle of something, which the upstream is not to take for whole. */
  void breakOff(UpstreamConnection connection) {
    try {
      connection.cut();
    } finally {
      // Even if that failed for want of memory.
      drop(connection);
    }
  }

  /** Keeps one for its client, which is about to detach it, but may have gone. */
  void handOver(UpstreamConnection connection) {
    connection.rest();
    handedOver.add(connection);
  }

  /**
   * Leaves one that was handed over to its client, for as long as both like.
   *
   * @throws IOException if that took too long
   */
  void takeOver(UpstreamConnection connection) throws IOException {
    if (!handedOver.remove(connection)) {
      throw new IOException("the upgraded connection was given up");
    }
    try {
      detach(connection);
    } catch (OutOfMemoryError full) {
      breakOff(connection);
      throw full;
    }
  }

  /** Takes back one that was handed over to a client which has gone, unless that is done. */
  void giveUp(UpstreamConnection connection) {
    if (handedOver.remove(connection)) {
      breakOff(connection);
    }
  }

  /** Leaves one to its client, for as long as both like. */
  void detach(UpstreamConnection connection) {
    connection.waitForEver();
    detached.add(connection);
    permits.release();
  }

  private void forget(UpstreamConnection connection) {
    open.remove(connection);
    connection.close();
  }

  private UpstreamConnection connect() throws IOException {
    String why = "its name is not known";
    boolean late = false;
    for (InetAddress place : places()) {
      UpstreamConnection connection = socket();
      boolean connected = false;
      open.add(connection);
      try {
        connection.connect(new InetSocketAddress(place, address.port()));
        connected = true;
        events.opened();
        tell(true, "");
        return connection;
      } catch (IOException refused) {
        if (Thread.currentThread().isInterrupted()) {
          throw refused;
        }
        late = connection.late();
        why = late ? "it did not accept in time" : String.valueOf(refused.getMessage());
      } finally {
        if (!connected) {
          forget(connection);
        }
      }
    }
    throw unreachable(late ? UpstreamOutcome.TIMEOUT : UpstreamOutcome.REFUSED, why);
  }

  private UpstreamConnection socket() throws UpstreamFailure {
    try {
      return new UpstreamConnection(nanoTime);
    } catch (IOException starved) {
      throw unreachable(UpstreamOutcome.REFUSED, String.valueOf(starved.getMessage()));
    }
  }

  private UpstreamFailure unreachable(UpstreamOutcome outcome, String why) {
    tell(false, why);
    return new UpstreamFailure(outcome, "the upstream can't be reached");
  }

  private InetAddress[] places() {
    try {
      return InetAddress.getAllByName(address.host());
    } catch (UnknownHostException unknown) {
      return new InetAddress[0];
    }
  }

  // Once for each time that it goes or comes back, however many requests find that out.
  private void tell(boolean reached, String why) {
    if (reachable.get() != reached && reachable.compareAndSet(!reached, reached)) {
      Level level = reached ? Level.INFO : Level.WARNING;
      LOG.log(
          level,
          "upstream "
              + address.authority()
              + (reached ? " can be reached again" : " can't be reached: " + why));
    }
  }

  /** Ends what the upstream has left waiting for too long, and what has been idle for too long. */
  void look() {
    long now = nanoTime.getAsLong();
    long silent = now - limits.timeout().toNanos();
    if (!limits.timeout().isZero()) {
      open.forEach(connection -> connection.endIfSilentSince(silent));
    }
    dropAbandoned(now - ABANDONED_AFTER.toNanos());
    long unused = now - limits.idleTimeout().toNanos();
    for (UpstreamConnection oldest = idle.peekLast();
        oldest != null && oldest.idleSince() - unused <= 0;
        oldest = idle.peekLast()) {
      if (idle.removeLastOccurrence(oldest)) {
        forget(oldest);
      }
    }
  }

  private void dropAbandoned(long since) {
    for (UpstreamConnection connection : List.copyOf(handedOver)) {
      if (connection.idleSince() - since <= 0) {
        giveUp(connection);
      }
    }
  }

  int idle() {
    return idle.size();
  }

  /** How many are lent for requests. */
  int active() {
    return limits.connections() - permits.availablePermits();
  }

  int detached() {
    return detached.size();
  }

  /** How many requests wait for a connection. */
  int waiting() {
    return permits.getQueueLength();
  }

  /** Ends all connections. */
  @Override
  public void close() {
    open.forEach(this::forget);
    idle.clear();
  }
}
