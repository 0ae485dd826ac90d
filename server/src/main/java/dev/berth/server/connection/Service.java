package dev.berth.server.connection;

import dev.berth.server.access.AccessLog;
import dev.berth.server.handler.Handler;
import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.HttpDate;
import dev.berth.server.http1.LargeHeads;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.MemoryLimit;
import dev.berth.server.memory.PinnedBytes;
import java.io.IOException;
import java.lang.Thread.State;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A listening server, put together and running: its listener, its sweeper and the connections
 * between them. Safe for any thread.
 */
public final class Service {
  // Beside what connections are counted with, and the quarter that auto leaves free
  private static final int HEAP_PART_OF_LARGE_HEADS = 8;

  private final Serving serving;
  private final Listener listener;
  private final Sweeper sweeper;
  private final Thread accepting;
  private final List<Thread> threads;
  private volatile boolean stopped;

  /**
   * What a service is made from.
   *
   * @param requests the bound on requests at work at once
   * @param proxyProtocol whether each connection begins with a PROXY header
   * @param queueTimeout how long a connection may wait for a permit; zero: it is refused at once
   * @param spareDescriptors how many file descriptors to keep back for when there are no more
   * @param maxHeaderBytes the most that a request's line and fields may have together
   * @param time for dates
   * @param nanoTime for durations; monotonic
   * @param chance for what should not happen to all at once; safe for any thread
   */
  public record Plan(
      InetSocketAddress listen,
      Handler handler,
      Timeouts timeouts,
      ConnectionLimit limit,
      ConnectionLimit requests,
      ClientLimit clients,
      boolean proxyProtocol,
      Duration queueTimeout,
      int maxHeaderBytes,
      boolean reusePort,
      int spareDescriptors,
      PinnedBytes pinned,
      ConnectionEvents events,
      AccessLog accessLog,
      InstantSource time,
      LongSupplier nanoTime,
      RandomGenerator chance) {

    /** Takes times that are too long or too short as {@link Timeouts} does. */
    public Plan {
      queueTimeout = Timeouts.bounded(queueTimeout);
    }
  }

  private Service(Serving serving, Listener listener, Sweeper sweeper) {
    this.serving = serving;
    this.listener = listener;
    this.sweeper = sweeper;
    String where = String.valueOf(listener.address().getPort());
    this.accepting = Thread.ofPlatform().name("accept " + where).unstarted(listener);
    this.threads = new ArrayList<>();
    threads.add(accepting);
    threads.add(Thread.ofPlatform().name("sweep " + where).daemon().unstarted(sweeper));
    threads.add(Thread.ofPlatform().name("door " + where).daemon().unstarted(serving.door()));
    listener
        .waiting()
        .map(Thread.ofPlatform().name("queue " + where).daemon()::unstarted)
        .ifPresent(threads::add);
  }

  /** Binds and starts; fails with an {@link IOException} if the address is not to be had. */
  public static Service start(Plan plan) throws IOException {
    Onlookers onlookers = new Onlookers(plan.events(), plan.accessLog());
    Pollers pollers = Pollers.open(plan.nanoTime(), onlookers);
    try {
      return start(plan, onlookers, pollers);
    } catch (IOException | RuntimeException | Error failure) {
      pollers.close();
      throw failure;
    }
  }

  private static Service start(Plan plan, Onlookers onlookers, Pollers pollers) throws IOException {
    CoarseTime time = new CoarseTime(plan.nanoTime());
    HttpDate date = new HttpDate(plan.time());
    int headLimit = plan.maxHeaderBytes();
    LargeHeads heads =
        new LargeHeads(
            (int) MemoryLimit.HEAP_BYTES_PER_CONNECTION,
            Runtime.getRuntime().maxMemory() / HEAP_PART_OF_LARGE_HEADS);
    Timeouts timeouts = plan.timeouts();
    Door door = new Door(onlookers, onlookers.accessLog(), Door.places());
    Serving serving =
        new Serving(
            plan.handler(),
            timeouts,
            plan.limit(),
            plan.requests(),
            plan.clients(),
            new Introductions(plan.proxyProtocol()),
            door,
            plan.pinned(),
            onlookers,
            onlookers.accessLog(),
            new OpenConnections(time),
            new Exchanges(() -> new Exchange(headLimit, heads, date)),
            pollers,
            new Drain(time, timeouts.drainGrace(), timeouts.drainTimeout()),
            new Shedding(),
            time,
            plan.chance());
    Service service = bind(plan, serving, date);
    service.begin();
    return service;
  }

  private static Service bind(Plan plan, Serving serving, HttpDate date) throws IOException {
    try {
      Listener listener =
          new Listener(
              serving,
              plan.listen(),
              plan.queueTimeout(),
              plan.reusePort(),
              plan.spareDescriptors());
      return new Service(serving, listener, new Sweeper(serving, listener, date));
    } catch (IOException | RuntimeException | Error failure) {
      serving.door().close();
      throw failure;
    }
  }

  @SuppressWarnings("DoNotCall") // That thread could not be started.
  private void begin() {
    try {
      serving.pollers().start();
      threads.forEach(Thread::start);
    } catch (RuntimeException | Error failure) {
      stop();
      // Each closes what it owns as it finds that it is stopped; these have no thread to do it on.
      threads.stream().filter(thread -> thread.getState() == State.NEW).forEach(Thread::run);
      throw failure;
    }
  }

  /** Where it listens, with the port that was given for port 0. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Whether one of the threads that all connections depend on has ended, though nobody stopped it.
   */
  public boolean broken() {
    return !stopped && !threads.stream().allMatch(Thread::isAlive);
  }

  /** The bound on connections. */
  public ConnectionLimit limit() {
    return serving.limit();
  }

  /** The bound on requests at work at once. */
  public ConnectionLimit requests() {
    return serving.requests();
  }

  /** The connections that hold a permit. */
  public OpenConnections open() {
    return serving.open();
  }

  /** The way out of service. */
  public Drain drain() {
    return serving.drain();
  }

  /**
   * Drains, then stops: returns when every connection has ended, or been cut at the drain's
   * timeout.
   */
  public void close() throws InterruptedException {
    serving.drain().begin(Drain.Cause.END);
    sweeper.awaitEnd();
    stop();
  }

  /** Stops now: what is open is cut. An interrupt neither hurries it nor is lost. */
  public void stop() {
    stopped = true;
    listener.stop();
    // What it still accepts is to be cut as well.
    awaitLastAccept();
    serving.open().forEach(Connection::force);
    sweeper.stop();
    serving.door().stop();
    serving.pollers().stop();
  }

  private void awaitLastAccept() {
    boolean interrupted = false;
    while (accepting.isAlive()) {
      try {
        accepting.join();
      } catch (InterruptedException hurry) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
