package dev.berth.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a small heap and a limit that it could never hold. */
final class FullHeapIT {
  private static final Pattern SERVING =
      Pattern.compile("serving on 127\\.0\\.0\\.1:(\\d+), admin on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern LIMIT = Pattern.compile("\nberth_connection_limit (\\d+)\\.0\n");
  private static final int MORE_THAN_FIT = 9_000;

  @TempDir Path folder = Path.of("");

  @Test
  void refusesConnectionsRatherThanFillTheHeap() throws Exception {
    Path log = folder.resolve("log");
    Process process = start(log);
    List<RawClient> clients = new ArrayList<>();
    try {
      Matcher serving =
          await().atMost(Duration.ofSeconds(60)).until(() -> serving(log), Matcher::find);
      InetSocketAddress address = local(serving.group(1));
      InetSocketAddress admin = local(serving.group(2));

      String last = "";
      while (clients.size() < MORE_THAN_FIT && !last.startsWith("HTTP/1.1 503")) {
        RawClient client = RawClient.connect(address);
        clients.add(client);
        last = client.get("/").readResponse();
      }

      assertThat(last).startsWith("HTTP/1.1 503");
      assertThat(limit(admin)).isLessThan(clients.size());
      assertThat(Files.readString(log))
          .contains("is more than a heap of", "can't hold the limit of 50000");
      assertThat(process.isAlive()).isTrue();
    } finally {
      clients.forEach(RawClient::close);
      process.destroyForcibly();
    }
  }

  private static Process start(Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx16m",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            BerthServer.class.getName(),
            "--listen",
            "127.0.0.1:0",
            "--admin",
            "127.0.0.1:0",
            "--limit",
            "50000")
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static Matcher serving(Path log) throws IOException {
    return SERVING.matcher(Files.exists(log) ? Files.readString(log) : "");
  }

  private static int limit(InetSocketAddress admin) throws IOException {
    try (RawClient client = RawClient.connect(admin)) {
      client.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      Matcher limit = LIMIT.matcher(client.readAll());
      assertThat(limit.find()).isTrue();
      return Integer.parseInt(limit.group(1));
    }
  }

  private static InetSocketAddress local(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }
}
