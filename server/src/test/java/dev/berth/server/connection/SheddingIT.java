package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A limit that is lowered below the use: who goes, and how. */
final class SheddingIT {
  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();

  private Server server(int limit) throws Exception {
    return TestServers.builder()
        .handler(new Hello())
        .limit(ConnectionLimit.of(limit))
        .nanoTime(time)
        .events(ends)
        .start();
  }

  private static RawClient client(Server server) throws Exception {
    RawClient client = RawClient.connect(server);
    client.get("/").readResponse();
    return client;
  }

  /** Lets time pass, and the sweeper notice it. */
  private void pass(Server server, Duration duration) {
    time.pass(duration);
    await().until(() -> server.connections().list(1).stream().allMatch(this::isSeenNow));
  }

  private boolean isSeenNow(ConnectionInfo first) {
    return first.age().plusMillis(1).compareTo(passed()) >= 0;
  }

  private Duration passed() {
    return Duration.ofNanos(time.getAsLong()).minusDays(1);
  }

  @Test
  void thoseStillAskingAreToldInTheirNextAnswer() throws Exception {
    try (Server server = server(2);
        RawClient first = client(server);
        RawClient second = client(server)) {
      server.limit().move(1);
      await().until(() -> first.get("/").readResponse().contains("Connection: close"));

      assertThat(first.readAll()).isEmpty();
      first.leave();
      await().until(() -> server.limit().excess() == 0);
      assertThat(second.get("/").readResponse()).doesNotContain("Connection: close");
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.SHED));
    }
  }

  @Test
  void loweringTheLimitClosesTheLongestIdleFirst() throws Exception {
    try (Server server = server(3);
        RawClient oldest = client(server)) {
      pass(server, Duration.ofSeconds(5));
      try (RawClient middle = client(server)) {
        pass(server, Duration.ofSeconds(5));
        try (RawClient youngest = client(server)) {
          pass(server, Duration.ofSeconds(11));
          server.limit().move(2);
          assertThat(oldest.readAll()).isEmpty();
          server.limit().move(1);
          assertThat(middle.readAll()).isEmpty();
          assertThat(youngest.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
          await()
              .untilAsserted(() ->
                  assertThat(ends.closed()).containsExactly(CloseReason.SHED, CloseReason.SHED));
        }
      }
    }
  }

  @Test
  void anIdleConnectionThatAskedAMomentAgoIsLeftAlone() throws Exception {
    try (Server server = server(2);
        RawClient longIdle = client(server)) {
      pass(server, Duration.ofSeconds(11));
      try (RawClient justAsked = client(server)) {
        server.limit().move(0);
        assertThat(longIdle.readAll()).isEmpty();
        await().until(() -> server.limit().inUse() == 1);
        assertThat(justAsked.get("/").readResponse())
            .startsWith("HTTP/1.1 200 OK")
            .contains("Connection: close");
      }
    }
  }

  @Test
  void saturationIsAboveOneMeanwhile() throws Exception {
    try (Server server = server(2);
        RawClient first = client(server);
        RawClient second = client(server)) {
      server.limit().move(1);
      assertThat(server.limit().saturation()).isEqualTo(2.0);
      assertThat(first.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      assertThat(second.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }
}
