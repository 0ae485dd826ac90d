package dev.berth.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.Rotation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The admin port while the other is as busy as it can be. */
final class AdminUnderLoadIT {
  @Test
  void answersWhileTheMainPortIsFullOfHeadsThatNeverEnd() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try (Server server =
            TestServers.builder().handler(new Hello()).limit(ConnectionLimit.of(1_000)).start();
        Server admin =
            TestServers.builder()
                .handler(
                    AdminPaths.of(
                        server,
                        Rotation.of(server.limit()),
                        (request, response) -> {},
                        false,
                        generation -> {}))
                .start()) {
      for (int client = 0; client < 1_200; client++) {
        slow.add(RawClient.connect(server).send("GET / HTTP/1.1\r\nHost:"));
      }
      await().until(() -> server.connections().census().active() == 1_000);
      try (RawClient probe = RawClient.connect(admin)) {
        assertThat(probe.get("/livez").readResponse()).startsWith("HTTP/1.1 200");
        assertThat(probe.get("/readyz").readResponse()).startsWith("HTTP/1.1 200");
        assertThat(probe.get("/connections").readResponse()).contains("\"active\"");
      }
    } finally {
      slow.forEach(RawClient::close);
    }
  }
}
