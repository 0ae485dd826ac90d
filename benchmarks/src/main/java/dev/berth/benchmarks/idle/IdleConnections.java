package dev.berth.benchmarks.idle;

import dev.berth.benchmarks.idle.ServerProcess.Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private static final ByteBuffer GET =
      ByteBuffer.wrap(
          "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  private static final int WARM_UP = 1_000;

  private static final List<Server> SERVERS =
      List.of(
          new Server(
              "Berth",
              "dev.berth.server.command.BerthServer",
              List.of(
                  "--listen",
                  "127.0.0.1:PORT",
                  "--admin",
                  "127.0.0.1:0",
                  "--limit",
                  "100000",
                  "--idle-timeout",
                  "10m")),
          new Server("Netty", "dev.berth.benchmarks.peer.NettyHello", List.of("PORT")),
          new Server("Jetty", "dev.berth.benchmarks.peer.JettyHello", List.of("PORT")));

  private IdleConnections() {}

  public static void main(String[] arguments) throws Exception {
    int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15_000;
    System.out.printf(Locale.ROOT, "%d idle connections after one GET each%n", connections);
    System.out.printf(
        "%-8s %20s %20s %10s%n", "server", "heap B/connection", "RSS B/connection", "heap ÷");
    double first = 0;
    for (Server server : SERVERS) {
      Cost cost = measure(server, connections);
      first = first == 0 ? cost.heap() : first;
      System.out.printf(
          Locale.ROOT,
          "%-8s %20.0f %20.0f %10.2f%n",
          server.name(),
          cost.heap(),
          cost.resident(),
          cost.heap() / first);
    }
  }

  private record Cost(double heap, double resident) {}

  private static Cost measure(Server server, int connections)
      throws IOException, InterruptedException {
    try (var process = ServerProcess.start(server)) {
      var warm = open(process, 1);
      for (int i = 1; i < WARM_UP; i++) {
        ask(warm.getFirst());
      }
      long heap = process.liveHeap();
      long resident = process.resident();
      var open = open(process, connections);
      long heapFull = process.liveHeap();
      long residentFull = process.resident();
      for (SocketChannel channel : open) {
        channel.close();
      }
      warm.getFirst().close();
      return new Cost(
          (double) (heapFull - heap) / connections,
          (double) (residentFull - resident) / connections);
    }
  }

  private static List<SocketChannel> open(ServerProcess server, int count) throws IOException {
    var open = new ArrayList<SocketChannel>(count);
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(server.address);
      ask(channel);
      open.add(channel);
    }
    return open;
  }

  private static void ask(SocketChannel channel) throws IOException {
    channel.write(GET.duplicate());
    ByteBuffer answer = ByteBuffer.allocate(1024);
    String seen = "";
    while (!seen.contains("\r\n\r\n") || !seen.endsWith("\n")) {
      if (channel.read(answer) < 0) {
        throw new IOException("the server closed the connection after: " + seen);
      }
      seen = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }
    if (!seen.startsWith("HTTP/1.1 200")) {
      throw new IOException("not a 200: " + seen);
    }
  }
}
