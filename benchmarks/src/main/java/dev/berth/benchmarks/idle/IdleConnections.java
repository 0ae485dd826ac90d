package dev.berth.benchmarks.idle;

import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.ServerProcess;
import dev.berth.benchmarks.peer.Service;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Opens keep-alive connections to each server in turn, asks once on each, leaves them idle, and
 * prints what one of them costs. The argument is the number of connections, 15,000 without.
 *
 * <p>The cost is the difference between no connection and all of them, by the number of
 * connections; live heap after a full collection, resident memory as the kernel counts it. Each
 * server runs alone, after 1,000 requests that warm it up.
 */
public final class IdleConnections {
  private static final int WARM_UP = 1_000;

  private static final List<Peer> PEERS = List.of(Peer.BERTH, Peer.NETTY, Peer.JETTY, Peer.HELIDON);

  private IdleConnections() {}

  public static void main(String[] arguments) throws Exception {
    int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15_000;
    System.out.printf(Locale.ROOT, "%d idle connections after one GET each%n", connections);
    System.out.printf(
        "%-8s %20s %20s %10s%n", "server", "heap B/connection", "RSS B/connection", "heap ÷");
    double first = 0;
    for (Peer server : PEERS) {
      Cost cost = measure(server, connections);
      first = first == 0 ? cost.heap() : first;
      System.out.printf(
          Locale.ROOT,
          "%-8s %20.0f %20.0f %10.2f%n",
          server.title(),
          cost.heap(),
          cost.resident(),
          cost.heap() / first);
    }
  }

  private record Cost(double heap, double resident) {}

  private static Cost measure(Peer server, int connections)
      throws IOException, InterruptedException {
    try (var process = ServerProcess.start(server, 2, Service.HELLO);
        var warm = IdleCrowd.open(process.address(), 1)) {
      warm.askAgain(WARM_UP);
      long heap = process.liveHeap();
      long resident = process.resident();
      try (var _ = IdleCrowd.open(process.address(), connections)) {
        long heapFull = process.liveHeap();
        long residentFull = process.resident();
        return new Cost(
            (double) (heapFull - heap) / connections,
            (double) (residentFull - resident) / connections);
      }
    }
  }
}
