package dev.berth.server;

import dev.berth.server.access.AccessLog;
import dev.berth.server.connection.ConnectionEvents;
import dev.berth.server.connection.Drain;
import dev.berth.server.connection.OpenConnections;
import dev.berth.server.connection.Service;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Router;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.memory.PinnedBytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * An HTTP/1.1 server that gives each connection a virtual thread, and takes no more connections
 * than its limit says.
 *
 * <pre>{@code
 * Server server = Server.builder()
 *     .listen(new InetSocketAddress(8080))
 *     .handler((request, response) -> response.text("hello, " + request.peer()))
 *     .limit(ConnectionLimit.of(10_000))
 *     .start();
 * }</pre>
 *
 * <p>It runs until {@link #close} or {@link #stop}; its threads keep the process alive. Safe for
 * any thread.
 */
public final class Server implements AutoCloseable {
  private final Service service;

  private Server(Service service) {
    this.service = service;
  }

  /** A builder in which all is as by default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where it listens, with the port it was given if it asked for port 0. */
  public InetSocketAddress address() {
    return service.address();
  }

  /**
   * Whether one of the threads that all connections depend on has ended, though nobody stopped it:
   * only a new process helps.
   */
  public boolean broken() {
    return service.broken();
  }

  /** The bound on connections, which may be {@linkplain ConnectionLimit#move moved} at any time. */
  public ConnectionLimit limit() {
    return service.limit();
  }

  /** The bound on requests at work at once, on all connections together. */
  public ConnectionLimit requests() {
    return service.requests();
  }

  /** The connections that hold a permit. */
  public OpenConnections connections() {
    return service.open();
  }

  /** The way out of service: to begin and undo it, and to see how far it is. */
  public Drain drain() {
    return service.drain();
  }

  /**
   * Drains, then ends: returns once the last connection has ended, at the earliest after the
   * drain's grace, and at the latest after its timeout, when what remains is cut, and its handlers
   * are interrupted (3 s and 25 s unless {@linkplain Timeouts#withDrain set}). An interrupt cuts it
   * short.
   *
   * <p>Meanwhile answers carry {@code Connection: close}, idle connections are ended one after
   * another, and what is being answered is answered. May be called from a shutdown hook, and more
   * than once.
   */
  @Override
  public void close() {
    try {
      service.close();
    } catch (InterruptedException hurry) {
      stop();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends now: cuts what is open, and interrupts its handlers. Does not wait for these. */
  public void stop() {
    service.stop();
  }

  /**
   * Gathers what a server is made from. All of it has a default; a server without a handler knows
   * no path. Used by one thread.
   */
  public static final class Builder {
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int CONNECTIONS = 10_000;
    private static final int SPARE_DESCRIPTORS = 16;

    private InetSocketAddress listen = new InetSocketAddress(8080);
    private Handler handler = (request, response) -> response.status(404).text("nothing here\n");
    private Timeouts timeouts = Timeouts.DEFAULT;
    private ConnectionLimit limit = ConnectionLimit.of(CONNECTIONS);
    private ConnectionLimit requests = ConnectionLimit.of(Integer.MAX_VALUE);
    private ClientLimit clients = ClientLimit.none();
    private boolean proxyProtocol;
    private Duration queueTimeout = Duration.ZERO;
    private int maxHeaderBytes = MAX_HEADER_BYTES;
    private boolean reusePort;
    private int spareDescriptors = SPARE_DESCRIPTORS;
    private PinnedBytes pinned = PinnedBytes.each(0);
    private ConnectionEvents events = ConnectionEvents.UNHEARD;
    private AccessLog accessLog = AccessLog.OFF;
    private InstantSource time = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;
    private RandomGenerator chance = new Random();

    private Builder() {}

    /** The address to listen on, port 0 for one that is free; port 8080 of all unless set. */
    public Builder listen(InetSocketAddress address) {
      listen = address;
      return this;
    }

    /** What answers requests, whatever they ask: often a {@link Router}; unless set, 404 does. */
    public Builder handler(Handler answers) {
      handler = answers;
      return this;
    }

    /** How long things may take; {@link Timeouts#DEFAULT} unless set. */
    public Builder timeouts(Timeouts durations) {
      timeouts = durations;
      return this;
    }

    /** The bound on connections; 10,000 unless set. */
    public Builder limit(ConnectionLimit connections) {
      limit = connections;
      return this;
    }

    /**
     * The bound on requests at work at once, beyond which a request gets 503; unbounded unless set.
     */
    public Builder requestLimit(int atOnce) {
      requests = ConnectionLimit.of(atOnce);
      return this;
    }

    /** The bound on one address's connections; none unless set. */
    public Builder clientLimit(ClientLimit perAddress) {
      clients = perAddress;
      return this;
    }

    /**
     * Whether each connection begins with a header of the PROXY protocol, version 1 or 2; not
     * unless set. The address in it is the peer, and the one that counts for the client limit; a
     * connection that begins otherwise is closed. Only for servers that nobody but proxies can
     * reach: whoever sends the header says who they are.
     */
    public Builder proxyProtocol(boolean expected) {
      proxyProtocol = expected;
      return this;
    }

    /**
     * How long a connection waits for a permit, within the limit's queue, before it is refused;
     * zero unless set. Is bounded, and fails at {@link #start} if it is negative, as {@link
     * Timeouts} do.
     */
    public Builder queueTimeout(Duration timeout) {
      queueTimeout = timeout;
      return this;
    }

    /**
     * The most bytes that a request's line and fields may have together; 1 MiB unless set. Beyond,
     * 414 or 431 (RFC 6585, 5).
     *
     * @throws IllegalArgumentException if that is no byte
     */
    public Builder maxHeaderBytes(int bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("a request's head needs some bytes, not " + bytes);
      }
      maxHeaderBytes = bytes;
      return this;
    }

    /**
     * Shares the port with other processes (SO_REUSEPORT), which take the new connections while
     * this one drains; alone on it unless set.
     */
    public Builder reusePort(boolean shared) {
      reusePort = shared;
      return this;
    }

    /**
     * File descriptors that are kept back until there are no more, and then left to the rest of the
     * process while no connection is accepted; 16 unless set.
     */
    public Builder spareDescriptors(int count) {
      spareDescriptors = count;
      return this;
    }

    /**
     * Memory that each connection holds, for tests of what connections cost; nothing unless set.
     */
    public Builder pinned(PinnedBytes bytes) {
      pinned = bytes;
      return this;
    }

    /** Who is told what happens to connections; nobody unless set. */
    public Builder events(ConnectionEvents listener) {
      events = listener;
      return this;
    }

    /** Who is told of each answer; {@link AccessLog#OFF} unless set. */
    public Builder accessLog(AccessLog log) {
      accessLog = log;
      return this;
    }

    /** The time for dates; the system's unless set. */
    public Builder time(InstantSource source) {
      time = source;
      return this;
    }

    /** The monotonic time for durations, in nanoseconds; {@link System#nanoTime} unless set. */
    public Builder nanoTime(LongSupplier source) {
      nanoTime = source;
      return this;
    }

    /**
     * The chance by which connections' ages differ, safe for any thread; a random one unless set.
     */
    public Builder chance(RandomGenerator generator) {
      chance = generator;
      return this;
    }

    /**
     * Binds and starts.
     *
     * @throws IOException if the address is not to be had; the message says which, and why
     */
    public Server start() throws IOException {
      return new Server(
          Service.start(
              new Service.Plan(
                  listen,
                  handler,
                  timeouts,
                  limit,
                  requests,
                  clients,
                  proxyProtocol,
                  queueTimeout,
                  maxHeaderBytes,
                  reusePort,
                  spareDescriptors,
                  pinned,
                  events,
                  accessLog,
                  time,
                  nanoTime,
                  chance)));
    }
  }
}
