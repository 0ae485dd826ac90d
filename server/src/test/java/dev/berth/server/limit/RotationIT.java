package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients of a server see that becomes full and may leave rotation. */
final class RotationIT {
  private static final int LIMIT = 100;

  private final FakeTime time = new FakeTime();

  @Test
  void aFewMoreAreServedAndThenShedAndNobodyIsCut() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try (Server server =
        TestServers.builder()
            .handler(new Hello())
            .limit(ConnectionLimit.of(LIMIT))
            .nanoTime(time)
            .start()) {
      Rotation rotation = Rotation.of(server.limit(), time);
      rotation.mayLeave(true);
      try {
        for (int one = 0; one < LIMIT + 3; one++) {
          RawClient client = RawClient.connect(server);
          clients.add(client);
          assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
        }
        assertThat(rotation.out()).isTrue();
        try (RawClient oneTooMany = RawClient.connect(server)) {
          assertThat(oneTooMany.get("/").readAll()).startsWith("HTTP/1.1 503");
        }
        time.pass(Duration.ofSeconds(11));
        await().until(() -> server.limit().inUse() == LIMIT);
      } finally {
        clients.forEach(RawClient::close);
      }
    }
  }
}
