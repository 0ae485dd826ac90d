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

/** Clients that wait to be told to send their content (RFC 9110, 10.1.1). */
final class ContinueIT {
  private static final String POST =
      """
      POST / HTTP/1.1
      Host: shop.example
      Expect: 100-continue
      Content-Length: 5

      """;
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final String HINTS = wire("HTTP/1.1 103 \nLink: </a>\n\n");
  private static final String OK = wire("HTTP/1.1 200 OK\nDate: today\nContent-Length: 2\n\nok");

  private final Proxied proxied;

  ContinueIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  @Test
  void theClientIsToldWhenTheUpstreamSaysSo() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      assertThat(upstream.readUntil("\r\n\r\n")).contains("\r\nExpect: 100-continue\r\n");
      upstream.send(CONTINUE);
      assertThat(proxied.client.readUntil("\r\n\r\n")).isEqualTo(CONTINUE);
      proxied.client.send("hello");
      assertThat(upstream.readUntil("hello")).isEqualTo("hello");
      upstream.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("ok");
      await().until(() -> proxied.proxy.idle() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5\n\nhello", "Transfer-Encoding: chunked\n\n5\nhello\n0\n\n"})
  void theClientIsNotToldOnceItsContentComes(String content) throws Exception {
    String head = "POST / HTTP/1.1\nHost: shop.example\nExpect: 100-continue\n";
    try (RawClient upstream = proxied.hears(head + content)) {
      assertThat(upstream.readUntil("hello")).contains("\r\nExpect: 100-continue\r\n");
      upstream.send(CONTINUE + OK);
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("ok");
    }
  }

  @Test
  void theClientIsNotToldWhenTheUpstreamRefuses() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire("HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n"));
      assertThat(proxied.client.readAll())
          .startsWith("HTTP/1.1 401 Unauthorized\r\n")
          .contains("\r\nConnection: close\r\n");
    }
    await().until(() -> proxied.proxy.active() == 0);
    assertThat(proxied.proxy.idle()).isZero();
  }

  @Test
  void theUpstreamMayRefuseAfterAll() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(CONTINUE);
      assertThat(proxied.client.readUntil("\r\n\r\n")).isEqualTo(CONTINUE);
      upstream.send(wire("HTTP/1.1 401 Unauthorized\nContent-Length: 2\n\nno"));
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 401 ").endsWith("no");
    }
  }

  @Test
  void theClientIsToldWhenTheUpstreamSaysNothing() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      upstream.readUntil("\r\n\r\n");
      assertThat(proxied.client.readUntil("\r\n\r\n")).isEqualTo(CONTINUE);
      proxied.client.send("hello");
      assertThat(upstream.readUntil("hello")).isEqualTo("hello");
      upstream.send(CONTINUE + OK);
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void theClientIsToldWhenTheUpstreamSaysNothingButHints() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(HINTS);
      assertThat(proxied.client.readUntil("\r\n\r\n")).isEqualTo(HINTS);
      assertThat(proxied.client.readUntil("\r\n\r\n")).isEqualTo(CONTINUE);
      proxied.client.send("hello");
      assertThat(upstream.readUntil("hello")).isEqualTo("hello");
      upstream.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("ok");
    }
  }

  @Test
  void theUpstreamMayRefuseAfterHints() throws Exception {
    try (RawClient upstream = proxied.hears(POST)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(HINTS + HINTS + wire("HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n"));
      assertThat(proxied.client.readAll())
          .startsWith(HINTS + HINTS + "HTTP/1.1 401 Unauthorized\r\n");
    }
  }
}
