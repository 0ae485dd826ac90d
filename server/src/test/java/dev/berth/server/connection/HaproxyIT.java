package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.Installed;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real HAProxy in front, where one is installed. */
final class HaproxyIT {
  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "send-proxy",
        "send-proxy-v2",
        "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority",
      })
  void theClientIsHaproxysClient(String option) throws Exception {
    Path haproxy = Installed.program("haproxy");
    try (Server server =
        TestServers.builder()
            .handler((request, response) -> response.text("you are " + request.peer()))
            .proxyProtocol(true)
            .start()) {
      InetSocketAddress front =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Installed.freePort());
      Process proxy = start(haproxy, front, server.address(), option);
      try (RawClient client = connect(proxy, front)) {
        // Not the address of HAProxy's own socket, whose port is another
        assertThat(client.get("/").readResponse())
            .startsWith("HTTP/1.1 200 OK")
            .endsWith("you are /127.0.0.1:" + client.socket().getLocalPort());
      } finally {
        proxy.destroy();
        assertThat(proxy.waitFor(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private Process start(
      Path haproxy, InetSocketAddress front, InetSocketAddress back, String option)
      throws IOException {
    Path configuration = folder.resolve("haproxy.cfg");
    Files.writeString(
        configuration,
        """
        defaults
            mode tcp
            timeout connect 5s
            timeout client 20s
            timeout server 20s
        listen front
            bind 127.0.0.1:%d
            unique-id-format %%ci:%%cp
            server back 127.0.0.1:%d %s
        """
            .formatted(front.getPort(), back.getPort(), option));
    return new ProcessBuilder(haproxy.toString(), "-db", "-f", configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private RawClient connect(Process proxy, InetSocketAddress front) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .ignoreException(java.net.ConnectException.class)
        .until(
            () -> {
              assertThat(proxy.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
              return RawClient.connect(front);
            },
            client -> client.socket().isConnected());
  }
}
