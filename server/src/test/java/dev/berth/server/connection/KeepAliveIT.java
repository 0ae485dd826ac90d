package dev.berth.server.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Connections that may be silent for ever, and so have the kernel ask whether the client is there.
 */
@EnabledIf("showsSockets")
final class KeepAliveIT {
  private static final String ASKS = "timer:(keepalive,";

  private final CountDownLatch end = new CountDownLatch(1);

  static boolean showsSockets() {
    return Files.isExecutable(Path.of("/usr/bin/ss"));
  }

  @AfterEach
  void end() {
    end.countDown();
  }

  private static Server server(Handler handler) throws IOException {
    return TestServers.builder().handler(handler).start();
  }

  // What the kernel tells of the server's side.
  private static String socket(Server server) throws Exception {
    String port = "sport = :" + server.address().getPort();
    Process shown = new ProcessBuilder("/usr/bin/ss", "-Htno", port).start();
    return new String(shown.getInputStream().readAllBytes(), US_ASCII);
  }

  @Test
  void anUpgradedOneIsAskedFor() throws Exception {
    try (Server server =
            server((request, response) ->
                response.upgrade("raw", (in, out) -> assertThat(in.read()).isNegative()));
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
      client.readUntil("\r\n\r\n");
      await().until(() -> socket(server).contains(ASKS));
    }
  }

  @Test
  void oneThatIsWatchedForItsEndIsAskedFor() throws Exception {
    try (Server server =
            server((request, response) -> {
              response.interruptOnHangUp();
              end.await();
            });
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      await().until(() -> socket(server).contains(ASKS));
      end.countDown();
    }
  }

  @Test
  void oneThatAsksAndIsAnsweredIsNot() throws Exception {
    try (Server server = server((request, response) -> response.text("ok"));
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      assertThat(socket(server)).contains("ESTAB").doesNotContain(ASKS);
    }
  }
}
