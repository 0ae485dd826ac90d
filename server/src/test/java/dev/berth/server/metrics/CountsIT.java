package dev.berth.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.Rotation;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.LiveMemory;
import dev.berth.server.memory.PinnedBytes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
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

  @Test
  void countsNoAnswerWhereTheClientWentBeforeOne() throws Exception {
    try (Server server =
        TestServers.builder()
            .handler((request, response) -> response.body(request.body().readAllBytes()))
            .events(new ServerMetrics(registry))
            .start()) {
      RawClient client = RawClient.connect(server);
      client.send("POST / HTTP/1.1\r\nHost: berth\r\nContent-Length: 10\r\n\r\nhalf").reset();
      await().until(() -> registry.get("berth.connection.duration").timer().count() == 1);
      assertThat(registry.get("berth.request.duration").timer().count()).isZero();
    }
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void showsTheRequestsInFlightAndCountsThoseThatWereTooMany() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (Server server =
            TestServers.builder()
                .handler((request, response) -> {
                  asked.countDown();
                  answer.await();
                })
                .requestLimit(1)
                .events(new ServerMetrics(registry))
                .start();
        RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server)) {
      new ServerGauges(
          registry,
          server,
          Rotation.of(server.limit()),
          ContainerMemory.ofProcess(1 << 27),
          LiveMemory.of(PinnedBytes.each(0)));
      first.get("/");
      asked.await();
      assertThat(gauge("berth.requests.in.flight")).isEqualTo(1);
      assertThat(gauge("berth.semaphore.saturation", "semaphore", "requests")).isEqualTo(1);
      assertThat(second.get("/").readResponse()).startsWith("HTTP/1.1 503");
      answer.countDown();
      assertThat(first.readResponse()).startsWith("HTTP/1.1 200");
      await().until(() -> count("berth.requests", "protocol", "HTTP/1.1", "status", "2xx") == 1);
      assertThat(count("berth.requests", "protocol", "HTTP/1.1", "status", "5xx")).isEqualTo(1);
      assertThat(gauge("berth.semaphore.saturation", "semaphore", "requests")).isZero();
    }
  }
}
