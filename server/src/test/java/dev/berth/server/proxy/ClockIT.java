package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.BrokenTime;
import dev.berth.server.FailingLog;
import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The proxy's look at the time, when that fails. */
final class ClockIT {
  @Test
  void aLookThatFailsIsFollowedByTheNextThoughTheLogFailsAsWell() throws Exception {
    FakeTime time = new FakeTime();
    BrokenTime broken = new BrokenTime(time);
    try (FailingLog log = new FailingLog(Clock.class);
        RawUpstream upstream = new RawUpstream();
        ReverseProxy proxy =
            ReverseProxy.to(upstream.address(), Proxied.LIMITS, UpstreamEvents.UNHEARD, broken);
        Server server = TestServers.builder().handler(proxy).start();
        RawClient client = RawClient.connect(server)) {
      broken.broken(true);
      await().until(() -> log.told() > 0);
      broken.broken(false);

      client.get("/");
      try (RawClient asked = upstream.accept()) {
        asked.readUntil("\r\n\r\n");
        asked.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readResponse()).startsWith("HTTP/1.1 204");
        await().until(() -> proxy.idle() == 1);
        time.pass(Duration.ofMinutes(1));
        await().until(() -> proxy.idle() == 0);
      }
    }
  }
}
