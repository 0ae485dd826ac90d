package dev.berth.server.command;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.berth.server.Server;
import dev.berth.server.access.AccessFormat;
import dev.berth.server.access.AccessWriter;
import dev.berth.server.admin.AdminPaths;
import dev.berth.server.admin.PodOrders;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.handler.Handler;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.LimitFile;
import dev.berth.server.limit.MemoryLimit;
import dev.berth.server.limit.MemoryLimit.Room;
import dev.berth.server.limit.Rotation;
import dev.berth.server.memory.ByteSize;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.FullCollections;
import dev.berth.server.memory.LiveMemory;
import dev.berth.server.memory.PinnedBytes;
import dev.berth.server.metrics.Exposition;
import dev.berth.server.metrics.ServerGauges;
import dev.berth.server.metrics.ServerMetrics;
import dev.berth.server.metrics.UpstreamMetrics;
import dev.berth.server.proxy.ReverseProxy;
import dev.berth.server.proxy.UpstreamAddress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * A server as the command line describes it, running: with its admin port, its metrics and its
 * limit file.
 */
final class RunningServer {
  private static final Logger LOG = System.getLogger(RunningServer.class.getName());
  private static final int ADMIN_CONNECTIONS = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Timeouts ADMIN_TIMEOUTS =
      Timeouts.DEFAULT.withDrain(Duration.ZERO, Duration.ZERO);

  private final Server server;
  private final Server admin;
  private final Optional<LimitFile> limitFile;
  private final InitialLimit limit;
  private final Optional<AccessWriter> accessLog;
  private final Optional<FullCollections> collections;
  private final Optional<ReverseProxy> proxy;
  private final LastResort.Signs signs;
  private final Duration drainTimeout;

  private RunningServer(
      Server server,
      Server admin,
      Optional<LimitFile> limitFile,
      InitialLimit limit,
      Optional<AccessWriter> accessLog,
      Optional<FullCollections> collections,
      Optional<ReverseProxy> proxy,
      LastResort.Signs signs,
      Duration drainTimeout) {
    this.limit = limit;
    this.server = server;
    this.admin = admin;
    this.limitFile = limitFile;
    this.accessLog = accessLog;
    this.collections = collections;
    this.proxy = proxy;
    this.signs = signs;
    this.drainTimeout = drainTimeout;
  }

  /** Starts all of it; fails if an address is not to be had. */
  static RunningServer start(ServerOptions options, Handler handler) throws IOException {
    ContainerMemory memory = options.memory();
    InitialLimit limit = InitialLimit.of(options, memory);
    PinnedBytes pinned = options.pinned();
    pinned.lose(options.lostBytesPerSecond());
    LiveMemory live = LiveMemory.of(pinned);
    Exposition exposition = new Exposition();
    ServerMetrics metrics = new ServerMetrics(exposition.registry());
    Optional<AccessWriter> accessLog = options.accessLog().map(RunningServer::writeToStdout);
    accessLog.ifPresent(log -> ServerMetrics.accessLog(exposition.registry(), log));
    Optional<ReverseProxy> proxy =
        options.upstream().address().map(address -> proxy(options, address, exposition));
    Handler answering = proxy.<Handler>map(Function.identity()).orElse(handler);
    Server server = serve(options, answering, limit, pinned, metrics, accessLog);
    try {
      Rotation rotation = Rotation.of(server.limit());
      ServerGauges gauges = new ServerGauges(exposition.registry(), server, rotation, memory, live);
      exposition.beforeScrape(gauges::look);
      Server admin =
          Server.builder()
              .listen(options.admin())
              .handler(
                  AdminPaths.of(
                      server, rotation, exposition, options.adminWrite(), gauges::generation))
              .limit(ConnectionLimit.of(ADMIN_CONNECTIONS))
              .timeouts(ADMIN_TIMEOUTS)
              .spareDescriptors(0)
              .start();
      PodOrders orders = new PodOrders(server, rotation, gauges::generation);
      Optional<LimitFile> file = options.limitFile().map(path -> follow(path, orders, metrics));
      Optional<FullCollections> collections =
          options.keepHeap()
              ? Optional.empty()
              : Optional.of(
                  FullCollections.watch(
                      server.connections()::count, metrics::requestsServed, live));
      Health health = new Health(server, metrics, live);
      return new RunningServer(
          server,
          admin,
          file,
          limit,
          accessLog,
          collections,
          proxy,
          health,
          options.timeouts().drainTimeout());
    } catch (IOException | RuntimeException failure) {
      server.stop();
      throw failure;
    }
  }

  private static ReverseProxy proxy(
      ServerOptions options, UpstreamAddress address, Exposition exposition) {
    UpstreamMetrics metrics = new UpstreamMetrics(exposition.registry());
    ReverseProxy proxy = ReverseProxy.to(address, options.upstream().limits(), metrics);
    metrics.watch(proxy);
    return proxy;
  }

  private static LimitFile follow(Path path, PodOrders orders, ServerMetrics metrics) {
    return LimitFile.follow(path, orders, metrics::limitFileUnusable);
  }

  // Not System.out, whose lock and buffer only slow it down.
  private static AccessWriter writeToStdout(AccessFormat format) {
    return AccessWriter.start(
        new FileOutputStream(FileDescriptor.out), format, InstantSource.system());
  }

  private static Server serve(
      ServerOptions options,
      Handler handler,
      InitialLimit limit,
      PinnedBytes pinned,
      ServerMetrics metrics,
      Optional<AccessWriter> accessLog)
      throws IOException {
    Server.Builder builder =
        Server.builder()
            .listen(options.listen())
            .handler(handler)
            .limit(ConnectionLimit.of(limit.connections(), options.queueLength()))
            .clientLimit(options.clientLimit())
            .proxyProtocol(options.proxyProtocol())
            .queueTimeout(options.queueTimeout())
            .timeouts(options.timeouts())
            .maxHeaderBytes(options.maxHeaderBytes())
            .reusePort(options.reusePort())
            .pinned(pinned)
            .events(metrics);
    options.requestLimit().ifPresent(builder::requestLimit);
    accessLog.ifPresent(builder::accessLog);
    return builder.start();
  }

  /** Has somebody look whether it still can serve, and end the process if not. */
  LastResort watch() {
    return LastResort.watch(signs, drainTimeout.plus(PATIENCE));
  }

  /** Says in the log where it serves, with which limit, and why. */
  void announce() {
    int inForce = server.limit().limit();
    warnIfBeyondTheHeap(inForce);
    String why = inForce == limit.connections() ? limit.why() : "as the limit file says";
    LOG.log(
        Level.INFO,
        "serving on "
            + Addresses.show(server.address())
            + ", admin on "
            + Addresses.show(admin.address())
            + proxy.map(to -> ", for " + to).orElse("")
            + ", limit "
            + inForce
            + ", "
            + why);
  }

  // Not refused: the server holds no more than fit, and the next heap may be a larger one.
  private static void warnIfBeyondTheHeap(int connections) {
    long heap = Runtime.getRuntime().maxMemory();
    if (connections > MemoryLimit.atMostIn(heap)) {
      LOG.log(
          Level.WARNING,
          "limit "
              + connections
              + " is more than a heap of "
              + ByteSize.format(heap)
              + " could hold ("
              + MemoryLimit.atMostIn(heap)
              + " idle connections): it will be bounded when the heap is nearly full");
    }
  }

  /** Drains and ends, the admin port last, so that it can tell how far the drain is. */
  void close() {
    LOG.log(Level.INFO, "draining " + server.connections().count() + " connections, to end");
    collections.ifPresent(FullCollections::close);
    server.close();
    limitFile.ifPresent(LimitFile::close);
    proxy.ifPresent(ReverseProxy::close);
    admin.stop();
    accessLog.ifPresent(AccessWriter::close);
    LOG.log(Level.INFO, "ended");
  }

  /** How the server is, as {@link LastResort} wants to know. */
  private record Health(Server server, ServerMetrics metrics, LiveMemory live)
      implements LastResort.Signs {
    private static final double FULL = 0.9;

    @Override
    public boolean broken() {
      return server.broken();
    }

    @Override
    public long timesOutOfMemory() {
      return metrics.timesOutOfMemory();
    }

    @Override
    public boolean heapFull() {
      return live.heapBytes() > FULL * Runtime.getRuntime().maxMemory();
    }
  }

  /**
   * The limit to begin with.
   *
   * @param why where it comes from, in words
   */
  private record InitialLimit(int connections, String why) {
    static InitialLimit of(ServerOptions options, ContainerMemory memory) {
      if (options.limit().isPresent()) {
        return new InitialLimit(options.limit().getAsInt(), "as --limit says");
      }
      Room container = new Room(memory.limitBytes(), memory.workingSetBytes());
      MemoryUsage used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      Room heap = new Room(used.getMax(), used.getUsed());
      // Each connection may come to need a second one, to the upstream.
      long descriptors = descriptors() / (options.upstream().address().isPresent() ? 2 : 1);
      return new InitialLimit(
          MemoryLimit.of(container, heap, descriptors),
          "from %s of memory (%s), of which %s are in use, a heap of %s with %s in use, and %d file descriptors"
              .formatted(
                  ByteSize.format(container.limit()),
                  memory.source(),
                  ByteSize.format(container.base()),
                  ByteSize.format(heap.limit()),
                  ByteSize.format(heap.base()),
                  descriptors));
    }

    private static long descriptors() {
      return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
          ? unix.getMaxFileDescriptorCount()
          : Integer.MAX_VALUE;
    }
  }
}
