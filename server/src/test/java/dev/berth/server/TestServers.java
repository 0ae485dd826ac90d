package dev.berth.server;

import dev.berth.server.connection.Timeouts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Servers as tests want them: on a free port, at a known date, and quick to end. */
public final class TestServers {
  public static final String DATE = "Date: Thu, 01 Jan 2026 00:00:00 GMT";
  public static final Timeouts PROMPT =
      Timeouts.DEFAULT.withDrain(Duration.ZERO, Duration.ofSeconds(10));

  private TestServers() {}

  public static Server.Builder builder() {
    return Server.builder()
        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .timeouts(PROMPT)
        .time(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
  }
}
