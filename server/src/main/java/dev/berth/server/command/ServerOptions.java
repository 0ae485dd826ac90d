package dev.berth.server.command;

import dev.berth.server.access.AccessFormat;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.handler.Echo;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.memory.ByteSize;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.PinnedBytes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The server's options, as written on the command line or in the environment. Filled in by picocli,
 * and read once.
 */
final class ServerOptions {
  // --queue-timeout tells it
  private static final int QUEUE_LENGTH = 1_000;
  private static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(5);

  /** The handlers that are built in. */
  enum BuiltIn {
    hello,
    echo
  }

  /** What the access log is written as. */
  enum AccessLines {
    off,
    text,
    json
  }

  /** What becomes of a connection beyond the limit. */
  enum WhenFull {
    reject,
    queue
  }

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0:8080",
      description = "where to serve; default ${DEFAULT-VALUE}")
  private InetSocketAddress listen = new InetSocketAddress(8080);

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0:9090",
      description =
          "where to serve /metrics, /livez, /readyz, /connections; default ${DEFAULT-VALUE}")
  private InetSocketAddress admin = new InetSocketAddress(9090);

  @Option(
      names = "--handler",
      paramLabel = "NAME",
      description = "what answers: ${COMPLETION-CANDIDATES}; default hello")
  private Optional<BuiltIn> handler = Optional.empty();

  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  @Option(
      names = "--limit",
      paramLabel = "N|auto",
      defaultValue = "auto",
      converter = Numbers.LimitOrAuto.class,
      description =
          "how many connections to take at once; auto: what the memory allows; default ${DEFAULT-VALUE}")
  private OptionalInt limit = OptionalInt.empty();

  @Option(
      names = "--limit-file",
      paramLabel = "FILE",
      description = "the pod's annotations, whose berth.dev/limit and berth.dev/drain are followed")
  private Optional<Path> limitFile = Optional.empty();

  @Option(
      names = "--request-limit",
      paramLabel = "N",
      converter = Numbers.FromOne.class,
      description = "how many requests to answer at once; default: any number")
  private OptionalInt requestLimit = OptionalInt.empty();

  @Option(
      names = "--limit-per-client",
      paramLabel = "N",
      converter = Numbers.FromOne.class,
      description = "how many connections to take from one address; default: any number")
  private OptionalInt limitPerClient = OptionalInt.empty();

  @Option(
      names = "--proxy-protocol",
      description =
          "each connection begins with a PROXY header, version 1 or 2, that names the client; others are closed")
  private boolean proxyProtocol;

  @Option(
      names = "--when-full",
      paramLabel = "WHAT",
      defaultValue = "reject",
      description =
          "what to do with a connection beyond the limit: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private WhenFull whenFull = WhenFull.reject;

  @Option(
      names = "--queue-timeout",
      paramLabel = "TIME",
      description =
          "how long a queued connection waits for a permit, 1,000 of them at most; default 5s")
  private Optional<Duration> queueTimeout = Optional.empty();

  @Option(
      names = "--header-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "for a request's head to come; default ${DEFAULT-VALUE}")
  private Duration headerTimeout = Duration.ZERO;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "for the next request to come; default ${DEFAULT-VALUE}")
  private Duration idleTimeout = Duration.ZERO;

  @Option(
      names = "--read-timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "without progress in a request's body; default ${DEFAULT-VALUE}")
  private Duration readTimeout = Duration.ZERO;

  @Option(
      names = "--write-timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "without progress in sending an answer; default ${DEFAULT-VALUE}")
  private Duration writeTimeout = Duration.ZERO;

  @Option(
      names = "--max-connection-age",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "after which a connection ends with its next answer, give or take 10 %%; 0s: never; default ${DEFAULT-VALUE}")
  private Duration maxConnectionAge = Duration.ZERO;

  @Option(
      names = "--drain-grace",
      paramLabel = "TIME",
      defaultValue = "3s",
      description =
          "while draining, new connections are still served for this long; default ${DEFAULT-VALUE}")
  private Duration drainGrace = Duration.ZERO;

  @Option(
      names = "--drain-timeout",
      paramLabel = "TIME",
      defaultValue = "25s",
      description = "after SIGTERM, what remains is cut after this long; default ${DEFAULT-VALUE}")
  private Duration drainTimeout = Duration.ZERO;

  @Option(
      names = "--max-header-bytes",
      paramLabel = "N",
      defaultValue = "1048576",
      converter = Numbers.FromOneKibi.class,
      description =
          "for a request's line and fields together, 1024 at least, of which a target may have 16384 and a field"
              + " 65536; default ${DEFAULT-VALUE}")
  private OptionalInt maxHeaderBytes = OptionalInt.empty();

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      converter = SizeFromOne.class,
      description = "stands for the container's limit where there is no container, such as 128Mi")
  private OptionalLong memoryLimit = OptionalLong.empty();

  @Option(
      names = "--access-log",
      paramLabel = "FORM",
      defaultValue = "off",
      description =
          "write a line for each answer to stdout: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private AccessLines accessLog = AccessLines.off;

  @Option(names = "--admin-write", description = "take PUT /limit on the admin port")
  private boolean adminWrite;

  @Option(
      names = "--reuse-port",
      description =
          "share the port with other processes (SO_REUSEPORT), which get the new connections while this one drains")
  private boolean reusePort;

  @Option(
      names = "--keep-heap",
      description =
          "never ask for a full collection: the heap then keeps what it had grown to, and what a connection costs is told too high")
  private boolean keepHeap;

  @Option(
      names = "--pin-bytes-per-connection",
      paramLabel = "SIZE",
      hidden = true,
      defaultValue = "0",
      converter = Size.class,
      description = "memory outside the heap that each connection holds")
  private OptionalLong pinned = OptionalLong.empty();

  @Option(
      names = "--pin-bytes-per-second",
      paramLabel = "SIZE",
      hidden = true,
      defaultValue = "0",
      converter = Size.class,
      description = "memory outside the heap that is lost each second, as by a leak")
  private OptionalLong lost = OptionalLong.empty();

  /** Reads sizes. */
  static final class Size implements ITypeConverter<OptionalLong> {
    @Override
    public OptionalLong convert(String text) {
      try {
        return OptionalLong.of(ByteSize.parse(text));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }

  /** Reads sizes of what can't be nothing. */
  static final class SizeFromOne implements ITypeConverter<OptionalLong> {
    @Override
    public OptionalLong convert(String text) {
      OptionalLong size = new Size().convert(text);
      if (size.getAsLong() == 0) {
        throw new TypeConversionException("'" + text + "' is not a size from 1 byte");
      }
      return size;
    }
  }

  InetSocketAddress listen() {
    return listen;
  }

  InetSocketAddress admin() {
    return admin;
  }

  Handler handler() {
    return switch (handler.orElse(BuiltIn.hello)) {
      case hello -> new Hello();
      case echo -> new Echo();
    };
  }

  UpstreamOptions upstream() {
    return upstream;
  }

  /** The limit given; empty if it is to be derived. */
  OptionalInt limit() {
    return limit;
  }

  Optional<Path> limitFile() {
    return limitFile;
  }

  OptionalInt requestLimit() {
    return requestLimit;
  }

  ClientLimit clientLimit() {
    return limitPerClient.isPresent()
        ? ClientLimit.of(limitPerClient.getAsInt())
        : ClientLimit.none();
  }

  boolean proxyProtocol() {
    return proxyProtocol;
  }

  /** How many connections may wait for a permit. */
  int queueLength() {
    return whenFull == WhenFull.queue ? QUEUE_LENGTH : 0;
  }

  /** How long each may wait; zero if none may. */
  Duration queueTimeout() {
    return whenFull == WhenFull.queue ? queueTimeout.orElse(QUEUE_TIMEOUT) : Duration.ZERO;
  }

  Timeouts timeouts() {
    return new Timeouts(
        headerTimeout,
        idleTimeout,
        readTimeout,
        writeTimeout,
        maxConnectionAge,
        drainGrace,
        drainTimeout);
  }

  int maxHeaderBytes() {
    return maxHeaderBytes.orElseThrow();
  }

  ContainerMemory memory() {
    return memoryLimit.isPresent()
        ? ContainerMemory.ofProcess(memoryLimit.getAsLong())
        : ContainerMemory.ofThisProcess();
  }

  /** The access log's form; empty if there is to be none. */
  Optional<AccessFormat> accessLog() {
    return switch (accessLog) {
      case off -> Optional.empty();
      case text -> Optional.of(AccessFormat.TEXT);
      case json -> Optional.of(AccessFormat.JSON);
    };
  }

  boolean adminWrite() {
    return adminWrite;
  }

  boolean reusePort() {
    return reusePort;
  }

  /** Whether the heap stays as large as the greatest number of connections has made it. */
  boolean keepHeap() {
    return keepHeap;
  }

  PinnedBytes pinned() {
    return PinnedBytes.each(pinned.orElse(0));
  }

  /** The bytes that are lost each second, so that a test has a leak; 0: none. */
  long lostBytesPerSecond() {
    return lost.orElse(0);
  }

  /** What is wrong with options that are each right alone. */
  Optional<String> conflict() {
    if (upstream.address().isPresent() && handler.isPresent()) {
      return Optional.of("either --upstream or --handler answers: there can't be both");
    }
    return drainTimeout.compareTo(drainGrace) < 0
        ? Optional.of("--drain-timeout has to be at least --drain-grace")
        : Optional.empty();
  }

  /** What an option needs that is not there, so that it does nothing. */
  Optional<String> missingFor(String option) {
    if (option.equals("--queue-timeout") && whenFull != WhenFull.queue) {
      return Optional.of("--when-full queue");
    }
    return option.startsWith("--upstream-") && upstream.address().isEmpty()
        ? Optional.of("--upstream")
        : Optional.empty();
  }
}
