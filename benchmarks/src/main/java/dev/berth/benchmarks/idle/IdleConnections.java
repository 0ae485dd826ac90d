package dev.berth.benchmarks.idle;

import dev.berth.benchmarks.idle.Line.Point;
import dev.berth.benchmarks.peer.ImageFlags;
import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.ServerProcess;
import dev.berth.benchmarks.peer.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Opens keep-alive connections to each server in turn, asks once on each, leaves them idle, and
 * prints what one of them costs, and what is left of that when all have ended. Then a series of
 * numbers of connections on Berth, and the line through them.
 *
 * <p>The cost is the difference between no connection and all of them, by the number of
 * connections; live heap after a full collection, resident memory as the kernel counts it before
 * anybody asked for one. Each server runs alone, after 1,000 requests that warm it up.
 */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description = "memory of idle connections, of Berth and its peers")
public final class IdleConnections implements Callable<Integer> {
  private static final int WARM_UP = 1_000;
  private static final double MB = 1e6;
  private static final int PROJECTED = 100_000;

  @Option(
      names = "--peers",
      split = ",",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private List<Peer> peers =
      List.of(Peer.BERTH, Peer.NETTY, Peer.JETTY, Peer.HELIDON, Peer.JDK, Peer.GO);

  @Option(
      names = "--flags",
      split = " ",
      description = "of all JVMs; default: those of Berth's image, and -Xmx1g")
  private List<String> flags = ImageFlags.with("-Xmx1g");

  @Option(
      names = "--after",
      defaultValue = "60",
      description = "seconds after the end of the connections; default ${DEFAULT-VALUE}")
  private int after;

  @Option(
      names = "--series",
      split = ",",
      defaultValue = "5000,10000,15000,19000",
      description = "numbers of connections on Berth; default ${DEFAULT-VALUE}")
  private List<Integer> series = List.of();

  @Parameters(arity = "0..1", defaultValue = "15000", description = "default ${DEFAULT-VALUE}")
  private int connections;

  private IdleConnections() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new IdleConnections()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.printf(Locale.ROOT, "JVM flags: %s%n", String.join(" ", flags));
    System.out.printf(Locale.ROOT, "%d idle connections after one GET each%n", connections);
    System.out.printf(
        "%-8s %13s %13s %11s %13s %8s%n",
        "server", "heap B each", "RSS B each", "before MB", "after " + after + " s MB", "ratio");
    for (Peer peer : peers) {
      measure(peer);
    }
    if (peers.contains(Peer.BERTH)) {
      project();
    }
    return 0;
  }

  private void measure(Peer peer) throws IOException, InterruptedException {
    try (var process = ServerProcess.start(peer, 2, Service.HELLO, flags);
        var warm = IdleCrowd.open(process.address(), 1)) {
      warm.askAgain(WARM_UP);
      long heap = peer.isJvm() ? process.liveHeap() : 0;
      long resident = process.resident();
      double heapEach;
      double residentEach;
      try (var _ = IdleCrowd.open(process.address(), connections)) {
        residentEach = (double) (process.resident() - resident) / connections;
        heapEach = peer.isJvm() ? (double) (process.liveHeap() - heap) / connections : Double.NaN;
      }
      TimeUnit.SECONDS.sleep(after);
      long left = process.resident();
      System.out.printf(
          Locale.ROOT,
          "%-8s %13.0f %13.0f %11.1f %13.1f %8.2f%n",
          peer.title(),
          heapEach,
          residentEach,
          resident / MB,
          left / MB,
          (double) left / resident);
    }
  }

  private void project() throws IOException, InterruptedException {
    System.out.printf("%nresident memory of Berth by its connections%n");
    List<Point> points = new ArrayList<>();
    try (var process = ServerProcess.start(Peer.BERTH, 2, Service.HELLO, flags);
        var crowd = IdleCrowd.open(process.address(), 1)) {
      crowd.askAgain(WARM_UP);
      for (int number : series) {
        crowd.growTo(number);
        points.add(new Point(number, process.resident() / MB));
        System.out.printf(
            Locale.ROOT, "%8d connections %8.1f MB%n", number, points.getLast().value());
      }
    }
    Line line = Line.through(points);
    System.out.printf(
        Locale.ROOT,
        "line: %.1f MB and %.0f B each, at most %.1f MB beside a point; at %d connections: %.0f MB%n",
        line.start(),
        line.slope() * MB,
        line.residual(),
        PROJECTED,
        line.at(PROJECTED));
  }
}
