package dev.berth.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

final class CountsIT {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void countsWhatHappens() throws Exception {
    try (Server server =
        TestServers.builder()
            .handler(new Hello())
            .limit(ConnectionLimit.of(1))
            .events(new ServerMetrics(registry))
            .start()) {
      try (RawClient admitted = RawClient.connect(server);
          RawClient refused = RawClient.connect(server)) {
        admitted.get("/").readResponse();
        admitted.get("/").readResponse();
        refused.get("/").readAll();
      }
      await().until(() -> count("berth.connections.closed", "reason", "client") == 1);
      assertThat(count("berth.connections.accepted")).isEqualTo(1);
      assertThat(count("berth.connections.rejected", "reason", "limit")).isEqualTo(1);
      assertThat(count("berth.requests", "protocol", "HTTP/1.1", "status", "2xx")).isEqualTo(2);
      assertThat(registry.get("berth.request.duration").timer().count()).isEqualTo(2);
      assertThat(registry.get("berth.connection.requests").summary().totalAmount()).isEqualTo(2);
      assertThat(registry.get("berth.connection.duration").timer().count()).isEqualTo(1);
    }
  }
}
