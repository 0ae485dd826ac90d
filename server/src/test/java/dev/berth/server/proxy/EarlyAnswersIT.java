package dev.berth.server.proxy;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upstreams that have answered before they have heard all, while the client lets the rest of its
 * content wait (RFC 9112, 9.3).
 */
final class EarlyAnswersIT {
  private static final String CHUNKED =
      "POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n5\nbegin\n";
  private static final String LONG = "Host: shop.example\nContent-Length: 100000\n\nbegin";

  private final Proxied proxied;

  EarlyAnswersIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  private RawClient begun(String request) throws IOException {
    RawClient upstream = proxied.hears(request);
    upstream.readUntil("begin");
    return upstream;
  }

  @ParameterizedTest
  @ValueSource(strings = {"200 OK", "413 Content Too Large"})
  void arePassedOnToTheirEndAndTheRestAsWell(String status) throws Exception {
    try (RawClient upstream = begun(CHUNKED)) {
      upstream.send(
          wire("HTTP/1.1 " + status + "\nTransfer-Encoding: chunked\n\n2\nok\n0\nX: 1\n\n"));
      assertThat(proxied.client.readUntil("0\r\nX: 1\r\n\r\n"))
          .startsWith("HTTP/1.1 " + status)
          .doesNotContain("Connection: close");
      proxied.client.send("4\r\nrest\r\n0\r\n\r\n");
      assertThat(upstream.readUntil("0\r\n\r\n")).endsWith("4\r\nrest\r\n0\r\n\r\n");
    }
    await().until(() -> proxied.proxy.idle() == 1);
    proxied.awaitDone(1);
    assertThat(proxied.told.outcomes()).containsExactly(UpstreamOutcome.ANSWERED);
  }

  @Test
  void thatEndTheirConnectionLeaveItAtOnceAndTheClientMayAskAgain() throws Exception {
    try (RawClient upstream = begun(CHUNKED)) {
      upstream.send(
          wire("HTTP/1.1 413 Content Too Large\nConnection: close\nContent-Length: 2\n\nno"));
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 413 ").endsWith("no");
      await().until(() -> proxied.proxy.active() == 0);
      proxied.client.send("4\r\nrest\r\n0\r\n\r\n");
    }
    proxied.awaitDone(1);
    assertThat(proxied.told.outcomes()).containsExactly(UpstreamOutcome.ANSWERED);
    try (RawClient upstream = proxied.hears("GET / HTTP/1.1\nHost: shop.example\n\n")) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"));
      assertThat(proxied.client.readResponse()).endsWith("ok");
    }
  }

  @Test
  void endWithTheConnectionWhereAnOldClientKnowsNoOtherEnd() throws Exception {
    try (RawClient upstream = begun("POST / HTTP/1.0\n" + LONG)) {
      upstream.send(wire("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n"));
      assertThat(proxied.client.readAll()).startsWith("HTTP/1.1 200 OK").endsWith("ok");
    }
  }

  @Test
  void areWholeThoughTheClientThenEndsItsSide() throws Exception {
    try (RawClient upstream = begun("POST / HTTP/1.1\n" + LONG)) {
      upstream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").leave();
      assertThat(proxied.client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413 ");
      proxied.client.halfClose();
      assertThat(proxied.client.readAll()).isEmpty();
    }
    proxied.awaitDone(1);
    assertThat(proxied.proxy.active()).isZero();
  }
}
