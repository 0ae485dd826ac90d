package dev.berth.server.proxy;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that refuse, are silent, break off or say what is no HTTP, and clients that vanish. */
final class UpstreamFailuresIT {
  private static final String GET = "GET / HTTP/1.1\nHost: shop.example\n\n";
  private static final String POST =
      "POST / HTTP/1.1\nHost: shop.example\nContent-Length: 100000\n\nbegin";
  private static final String OK = wire("HTTP/1.1 200 OK\nDate: today\nContent-Length: 2\n\nok");

  private final Proxied proxied;

  UpstreamFailuresIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  private RawClient heard(String request) throws IOException {
    RawClient upstream = proxied.hears(request);
    upstream.readUntil("\r\n\r\n");
    return upstream;
  }

  private void assertOutcome(UpstreamOutcome outcome) {
    await().untilAsserted(() -> assertThat(proxied.told.outcomes()).containsExactly(outcome));
    await().untilAsserted(() -> assertThat(proxied.proxy.active()).isZero());
  }

  private static void assertEnded(RawClient upstream) {
    try {
      assertThat(upstream.readAll()).doesNotContain("HTTP/1.1");
    } catch (IOException reset) {
      assertThat(reset).isInstanceOf(SocketException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Length: 2\nTransfer-Encoding: chunked\n\n0\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\nok",
        "HTTP/1.1 200 OK\nContent-Length: 2, 2\n\nok",
        "HTTP/1.1 200 OK\nContent-Length: -2\n\nok",
        "HTTP/1.1 200 OK\nContent-Length: 0x2\n\nok",
        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\nok",
        "HTTP/1.1 200 OK\nTransfer-Encoding: xchunked\n\n0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked, chunked\n\n0\n\n",
        "HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n0\n\n",
        "HTTP/1.1 200 OK\nX: 1\n folded\n\n",
        "HTTP/1.1 200 OK\n X: 1\n\n",
        "HTTP/1.1 200 OK\nX : 1\n\n",
        "HTTP/1.1 200 OK\nX: \0\n\n",
        "HTTP/1.1 200 OK\n: 1\n\n",
        "HTTP/1.1 20 OK\n\n",
        "HTTP/1.1 2000 OK\n\n",
        "HTTP/1.1 600 OK\n\n",
        "HTTP/1.1 099 OK\n\n",
        "HTTP/2.0 200 OK\n\n",
        "http/1.1 200 OK\n\n",
        "ICY 200 OK\n\n",
        "\nHTTP/1.1 200 OK\n\n",
        "HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: upgrade\n\n",
        "SSH-2.0-OpenSSH_9.2\n\n",
      })
  void anAnswerThatCouldBeReadInTwoWaysIs502(String response) throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send(wire(response));
      assertThat(proxied.client.readResponse())
          .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
          .contains("\r\n\r\nthe upstream");
      assertEnded(upstream);
    }
    assertOutcome(UpstreamOutcome.MALFORMED);
  }

  @Test
  void aLineThatEndsWithLfAloneIs502() throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
    }
  }

  @Test
  void aHeadWithoutAnEndIs502() throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 200 OK\r\n" + ("X: " + "x".repeat(1000) + "\r\n").repeat(300));
      assertThat(proxied.client.readResponse())
          .startsWith("HTTP/1.1 502 ")
          .endsWith("it is longer than 262144 bytes\n");
    }
  }

  @Test
  void interimAnswersWithoutAnEndAre502() throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(65));
      assertThat(proxied.client.readUntil("502 Bad Gateway\r\n")).contains("HTTP/1.1 103 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x\r\n", "5;\r\n", "2\r\nokk\r\n", "-2\r\nok\r\n", "1000000000000000\r\n"})
  void aBadChunkBeforeAnythingWasPassedOnIs502(String chunk) throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
      assertThat(proxied.client.readUntil("\n")).startsWith("HTTP/1.1 502 ");
      assertEnded(upstream);
    }
    assertOutcome(UpstreamOutcome.BROKEN);
  }

  @Test
  void anUpstreamThatIsNotThereIs502() throws Exception {
    proxied.upstream.close();
    proxied.client.send(wire(GET));
    assertThat(proxied.client.readResponse())
        .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
        .endsWith("the upstream can't be reached\n");
    assertThat(proxied.client.send(wire(GET)).readResponse()).startsWith("HTTP/1.1 502 ");
    await().until(() -> proxied.proxy.active() == 0);
    assertThat(proxied.told.outcomes())
        .containsExactly(UpstreamOutcome.REFUSED, UpstreamOutcome.REFUSED);
  }

  @Test
  void anUpstreamThatEndsWithoutAnAnswerIs502() throws Exception {
    heard(GET).leave();
    assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
    assertOutcome(UpstreamOutcome.BROKEN);
    assertThat(proxied.told.retriedCount()).isZero();
  }

  // One would do, once the proxy has begun to wait, which nobody can see.
  private void passMinutesUntil(UpstreamOutcome outcome) {
    await()
        .until(() -> {
          proxied.time.pass(Duration.ofSeconds(61));
          return proxied.told.outcomes().contains(outcome);
        });
  }

  @Test
  void anUpstreamThatIsSilentIs504() throws Exception {
    try (RawClient upstream = heard(GET)) {
      passMinutesUntil(UpstreamOutcome.TIMEOUT);
      assertThat(proxied.client.readResponse())
          .startsWith("HTTP/1.1 504 Gateway Timeout\r\n")
          .endsWith("the upstream took too long to answer\n");
      assertEnded(upstream);
    }
    assertOutcome(UpstreamOutcome.TIMEOUT);
  }

  @Test
  void anUpstreamThatBreaksOffInItsContentIsSeenToByTheClient() throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
      proxied.client.readUntil("\r\n\r\n");
      upstream.send("12345");
      assertThat(proxied.client.readUntil("5")).isEqualTo("12345");
      upstream.leave();
      Assertions.assertThatExceptionOfType(SocketException.class)
          .isThrownBy(proxied.client::readAll);
    }
    assertOutcome(UpstreamOutcome.BROKEN);
  }

  @Test
  void anUpstreamThatFallsSilentInItsContentIsCutOff() throws Exception {
    try (RawClient upstream = heard(GET)) {
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
      proxied.client.readUntil("12345");
      passMinutesUntil(UpstreamOutcome.TIMEOUT);
      Assertions.assertThatExceptionOfType(SocketException.class)
          .isThrownBy(proxied.client::readAll);
    }
    assertOutcome(UpstreamOutcome.TIMEOUT);
  }

  @Test
  void aClientThatVanishesInItsContentEndsTheUpstreamsConnection() throws Exception {
    try (RawClient upstream = heard(POST)) {
      proxied.client.leave();
      assertEnded(upstream);
    }
    assertOutcome(UpstreamOutcome.CLIENT);
    assertThat(proxied.proxy.idle()).isZero();
  }

  @Test
  void aClientsMalformedChunkEndsTheUpstreamsConnection() throws Exception {
    try (RawClient upstream =
        heard("POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n1\na\n")) {
      upstream.readUntil("a\r\n");
      proxied.client.send("oops\r\n");
      assertThat(proxied.client.readAll()).startsWith("HTTP/1.1 400 ");
      assertEnded(upstream);
    }
    assertOutcome(UpstreamOutcome.CLIENT);
  }

  @Test
  void aRefusalInTheMiddleOfContentIsPassedBack() throws Exception {
    try (RawClient upstream = heard(POST)) {
      upstream.readUntil("begin");
      upstream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").leave();
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void anUpstreamThatEndsInTheMiddleOfContentIs502AtOnce() throws Exception {
    try (RawClient upstream = heard(POST)) {
      upstream.readUntil("begin");
      upstream.leave();
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
      proxied.client.halfClose();
    }
    assertOutcome(UpstreamOutcome.BROKEN);
  }

  @Test
  void theClientMayAskAgainAfterAFailure() throws Exception {
    heard(GET).leave();
    assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
    try (RawClient upstream = heard(GET)) {
      upstream.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("\r\n\r\nok");
    }
  }
}
