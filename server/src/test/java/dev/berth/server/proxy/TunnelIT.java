package dev.berth.server.proxy;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.http1.ClientExchange;
import dev.berth.server.http1.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that become another protocol's, through the proxy. */
final class TunnelIT {
  private static final String ASK =
      """
      GET /chat HTTP/1.1
      Host: shop.example
      Connection: keep-alive, Upgrade
      Upgrade: websocket
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """;
  private static final String AGREE =
      """
      HTTP/1.1 101 Switching Protocols
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

      """;

  private final Proxied proxied;

  TunnelIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  private RawClient upgraded() throws IOException {
    RawClient upstream = proxied.hears(ASK);
    upstream.readUntil("\r\n\r\n");
    upstream.send(wire(AGREE));
    proxied.client.readUntil("\r\n\r\n");
    await().until(() -> proxied.proxy.streaming() == 1);
    return upstream;
  }

  @Test
  void theUpgradeIsPassedOnAndTheAgreementBack() throws Exception {
    try (RawClient upstream = proxied.hears(ASK)) {
      assertThat(upstream.readUntil("\r\n\r\n"))
          .contains("\r\nSec-WebSocket-Version: 13\r\n")
          .endsWith("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      upstream.send(wire(AGREE) + "early");
      assertThat(proxied.client.readUntil("early"))
          .isEqualTo(
              wire(
                  """
                  HTTP/1.1 101 Switching Protocols
                  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                  Via: 1.1 berth
                  Connection: Upgrade
                  Upgrade: websocket

                  early\
                  """));
    }
  }

  @Test
  void anAgreementToSeveralProtocolsIsPassedBack() throws Exception {
    try (RawClient upstream =
        proxied.hears(
            """
            GET / HTTP/1.1
            Host: shop.example
            Connection: Upgrade
            Upgrade: foo, bar, more

            """)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(
          wire("HTTP/1.1 101 Switching Protocols\nUpgrade: foo, bar\nConnection: Upgrade\n\n"));
      assertThat(proxied.client.readUntil("\r\n\r\n"))
          .isEqualTo(
              wire(
                  """
                  HTTP/1.1 101 Switching Protocols
                  Via: 1.1 berth
                  Connection: Upgrade
                  Upgrade: foo, bar

                  """));
    }
  }

  @Test
  void bytesGoBothWays() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.client.send("ping");
      assertThat(upstream.readUntil("ping")).isEqualTo("ping");
      upstream.send("pong");
      assertThat(proxied.client.readUntil("pong")).isEqualTo("pong");
      String much = "x".repeat(1_000_000);
      Thread sender = Thread.ofVirtual().start(() -> send(upstream, much));
      assertThat(proxied.client.readBytes(much.length())).hasSize(much.length());
      sender.join();
    }
  }

  @Test
  void aMessageThatFillsTheBufferThatWaitsIsNotFollowedByAWaitWithALongerOne() throws Exception {
    Messages messages = new Messages();
    Upstream upstream =
        new Upstream(proxied.upstream.address(), Proxied.LIMITS, proxied.told, proxied.time);
    UpstreamConnection connection = upstream.borrow();
    upstream.handOver(connection);
    try (RawClient silent = proxied.upstream.accept().halfClose()) {
      new Tunnel(upstream, connection)
          .converse(new ClientExchange(messages, 1).rest(), OutputStream.nullOutputStream());
      assertThat(silent.readAll()).hasSize(2 * Messages.LENGTH);
    }
    assertThat(messages.waits).hasSize(3).containsOnly(Messages.LENGTH);
  }

  /** Two short messages, and the end: with room for how much each was waited for. */
  private static final class Messages implements Wire {
    private static final int LENGTH = 512;
    private final List<Integer> waits = new ArrayList<>();

    @Override
    public int read(ByteBuffer into) {
      waits.add(into.remaining());
      if (waits.size() == 3) {
        return -1;
      }
      into.put(new byte[LENGTH]);
      return LENGTH;
    }

    @Override
    public int readNow(ByteBuffer into) {
      return 0;
    }

    @Override
    public void write(ByteBuffer from) {}

    @Override
    public boolean endsAfterThis() {
      return false;
    }
  }

  @Test
  void anUpstreamThatHasNothingToSayNowIsNotWaitedFor() throws Exception {
    Upstream upstream =
        new Upstream(proxied.upstream.address(), Proxied.LIMITS, proxied.told, proxied.time);
    UpstreamConnection connection = upstream.borrow();
    connection.forgetExchange();
    try (RawClient silent = proxied.upstream.accept()) {
      Thread reader = Thread.ofVirtual().start(() -> assertThat(readNow(connection)).isZero());
      assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
      silent.send("hello");
      await().until(() -> readNow(connection) == 5);
    } finally {
      upstream.drop(connection);
    }
  }

  private static int readNow(UpstreamConnection connection) {
    try {
      return connection.readNow(ByteBuffer.allocate(16));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void send(RawClient to, String text) {
    try {
      to.send(text);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static long bytesIn(Server server) {
    return server.connections().list(1).getFirst().bytesIn();
  }

  private static void awaitStuck(LongSupplier bytes) {
    AtomicLong before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          long now = bytes.getAsLong();
          return now > 1_000 && before.getAndSet(now) == now;
        });
  }

  @Test
  void itTakesNoPlaceOfRequestsAndMayBeSilent() throws Exception {
    try (RawClient upstream = upgraded()) {
      assertThat(proxied.proxy.active()).isZero();
      proxied.time.pass(Duration.ofHours(1));
      proxied.client.send("ping");
      assertThat(upstream.readUntil("ping")).isEqualTo("ping");
    }
  }

  @Test
  void theClientMayEndFirst() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.client.send("last").halfClose();
      assertThat(upstream.readAll()).isEqualTo("last");
      upstream.send("goodbye").leave();
      assertThat(proxied.client.readAll()).isEqualTo("goodbye");
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void anUpstreamThatWasLongSilentMayAnswerTheClientsEnd() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.time.pass(Duration.ofHours(1));
      proxied.client.send("last").halfClose();
      assertThat(upstream.readAll()).isEqualTo("last");
      // For several looks at the clock, which stands still.
      await().during(Duration.ofMillis(500)).until(() -> proxied.proxy.streaming() == 1);
      upstream.send("goodbye").leave();
      assertThat(proxied.client.readAll()).isEqualTo("goodbye");
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void theUpstreamMayEndFirst() throws Exception {
    try (RawClient upstream = upgraded()) {
      upstream.send("last").halfClose();
      assertThat(proxied.client.readAll()).isEqualTo("last");
      proxied.client.send("goodbye").halfClose();
      assertThat(upstream.readAll()).isEqualTo("goodbye");
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  /** A client of a server whose time stands still, and an upstream that has said its last to it. */
  private final class HalfClosed implements AutoCloseable {
    private final FakeTime time = new FakeTime();
    private final Server server =
        TestServers.builder().handler(proxied.proxy).nanoTime(time).start();
    private final RawClient client = RawClient.connect(server);
    private final RawClient upstream;
    private Duration passed = Duration.ZERO;

    HalfClosed() throws IOException {
      client.send(wire(ASK));
      upstream = proxied.upstream.accept();
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire(AGREE) + "last").halfClose();
      assertThat(client.readAll()).endsWith("\r\n\r\nlast");
    }

    void pass(Duration duration) {
      time.pass(duration);
      passed = passed.plus(duration);
      // Or it has ended.
      await()
          .until(() ->
              server.connections().list(1).stream()
                  .allMatch(open -> open.age().compareTo(passed) >= 0));
    }

    @Override
    public void close() {
      client.close();
      upstream.close();
      server.stop();
    }
  }

  @Test
  void theClientMayGoOnAfterTheUpstreamsEnd() throws Exception {
    try (HalfClosed tunnel = new HalfClosed()) {
      for (int time = 0; time < 5; time++) {
        tunnel.client.send("more");
        assertThat(tunnel.upstream.readUntil("more")).isEqualTo("more");
        tunnel.pass(Duration.ofSeconds(20));
      }
      tunnel.client.send("goodbye").halfClose();
      assertThat(tunnel.upstream.readAll()).isEqualTo("goodbye");
    }
  }

  @Test
  void theClientIsNotBlamedForAnUpstreamThatTakesNothingAfterItsEnd() throws Exception {
    try (HalfClosed tunnel = new HalfClosed()) {
      String much = "x".repeat(20_000_000);
      Thread sender = Thread.ofVirtual().start(() -> send(tunnel.client, much));
      awaitStuck(() -> bytesIn(tunnel.server));
      tunnel.pass(Duration.ofSeconds(31));
      tunnel.pass(Duration.ofSeconds(31));
      assertThat(tunnel.upstream.readBytes(much.length()).length).isEqualTo(much.length());
      sender.join();
    }
  }

  @Test
  void aClientThatFallsSilentAfterTheUpstreamsEndIsLeft() throws Exception {
    try (HalfClosed tunnel = new HalfClosed()) {
      tunnel.pass(Duration.ofSeconds(31));
      assertReset(tunnel.upstream);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  // Who breaks off has not said its last, and the other is not to take it for that.
  private static void assertReset(RawClient end) {
    assertThatExceptionOfType(SocketException.class).isThrownBy(end::readAll);
  }

  @Test
  void anUpstreamThatBreaksOffBreaksOffTheClient() throws Exception {
    try (RawClient upstream = upgraded()) {
      upstream.reset();
      assertReset(proxied.client);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void anUpstreamThatBreaksOffAfterTheClientsEndBreaksOffTheClient() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.client.halfClose();
      assertThat(upstream.readAll()).isEmpty();
      upstream.reset();
      assertReset(proxied.client);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void aClientThatBreaksOffBreaksOffTheUpstream() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.client.reset();
      assertReset(upstream);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void aClientThatBreaksOffWhileTheUpstreamTakesNothingBreaksItOff() throws Exception {
    try (RawClient upstream = upgraded()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() ->
                  assertThatExceptionOfType(UncheckedIOException.class)
                      .isThrownBy(() -> send(proxied.client, "x".repeat(20_000_000))));
      awaitStuck(() -> bytesIn(proxied.server));
      proxied.client.reset();
      sender.join();
      upstream.send("to nobody");
      assertReset(upstream);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }

  @Test
  void aClientThatBreaksOffBeforeItBeginsEndsTheUpstream() throws Exception {
    try (RawClient upstream = proxied.hears(ASK)) {
      upstream.readUntil("\r\n\r\n");
      proxied.client.reset();
      upstream.send(wire(AGREE));
      assertReset(upstream);
    }
    await().until(() -> proxied.proxy.active() == 0);
    assertThat(proxied.proxy.streaming()).isZero();
  }

  @Test
  void anUpstreamThatIgnoresTheClientsEndIsLeft() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.client.halfClose();
      assertThat(upstream.readAll()).isEmpty();
      await()
          .untilAsserted(() -> {
            proxied.time.pass(Duration.ofSeconds(61));
            assertThat(proxied.proxy.streaming()).isZero();
          });
      assertReset(proxied.client);
    }
  }

  @Test
  void aDrainEndsTheClientsSide() throws Exception {
    try (RawClient upstream = upgraded()) {
      Thread closing = Thread.ofVirtual().start(proxied.server::close);
      assertThat(upstream.readAll()).isEmpty();
      upstream.send("goodbye").leave();
      assertThat(proxied.client.readAll()).isEqualTo("goodbye");
      closing.join();
    }
  }

  @Test
  void aRefusalToUpgradeIsAnAnswerLikeAnyOther() throws Exception {
    try (RawClient upstream = proxied.hears(ASK)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire("HTTP/1.1 426 Upgrade Required\nUpgrade: chat\nContent-Length: 0\n\n"));
      assertThat(proxied.client.readResponse())
          .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
          .contains("\r\nUpgrade: chat\r\n");
      await().until(() -> proxied.proxy.idle() == 1);
    }
  }

  @Test
  void http2IsNotAskedFor() throws Exception {
    try (RawClient upstream =
        proxied.hears(
            """
            GET / HTTP/1.1
            Host: shop.example
            Connection: Upgrade, HTTP2-Settings
            Upgrade: h2c
            HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA

            """)) {
      assertThat(upstream.readUntil("\r\n\r\n"))
          .doesNotContain("h2c")
          .doesNotContain("HTTP2-Settings")
          .doesNotContain("Connection:");
    }
  }

  @Test
  void aBrokenServerDoesNotLeakOne() throws Exception {
    try (RawClient upstream = upgraded()) {
      proxied.server.stop();
      assertReset(upstream);
      assertReset(proxied.client);
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }
}
