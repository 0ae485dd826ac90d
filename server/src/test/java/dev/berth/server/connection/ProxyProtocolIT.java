package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a proxy that says whom each connection is made for. */
final class ProxyProtocolIT {
  private static final Handler PEER =
      (request, response) -> response.text(request.peer().toString());
  private static final String ALICE = "PROXY TCP4 192.0.2.1 192.0.2.9 1111 80\r\n";
  private static final String BOB = "PROXY TCP6 2001:db8::b 2001:db8::9 2222 80\r\n";
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final String CAROL = SIGNATURE + "!\u0011\0\f\u00c0\0\2\3\u00c0\0\2\11\r\5\0P";
  private static final String HEALTH_CHECK = SIGNATURE + " \0\0\0";

  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();
  private final Server server;

  ProxyProtocolIT() throws IOException {
    server =
        TestServers.builder()
            .handler(PEER)
            .proxyProtocol(true)
            .clientLimit(ClientLimit.of(1))
            .limit(ConnectionLimit.of(4))
            .nanoTime(time)
            .events(ends)
            .start();
  }

  @AfterEach
  void stop() {
    server.stop();
    await().untilAsserted(() -> assertThat(server.limit().inUse()).isZero());
    assertThat(server.connections().count()).isZero();
  }

  private static String answered(String text) {
    return "HTTP/1.1 200 OK\r\n"
        + TestServers.DATE
        + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
        + text.length()
        + "\r\n\r\n"
        + text;
  }

  @Test
  void thePeerIsTheOneThatALineNames() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      assertThat(proxy.send(ALICE).get("/").readResponse()).isEqualTo(answered("/192.0.2.1:1111"));
      assertThat(proxy.get("/").readResponse()).isEqualTo(answered("/192.0.2.1:1111"));
    }
  }

  @Test
  void thePeerIsTheOneThatABinaryHeaderNames() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      assertThat(proxy.send(CAROL).get("/").readResponse()).isEqualTo(answered("/192.0.2.3:3333"));
    }
  }

  @Test
  void thePeerInTheListIsTheOneNamed() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      proxy.send(BOB).get("/").readResponse();
      assertThat(server.connections().list(1).getFirst().peer().toString())
          .isEqualTo("/[2001:db8:0:0:0:0:0:b]:2222");
    }
  }

  @Test
  void aHeaderAndRequestsInOnePieceAreToldApart() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      proxy.send(CAROL + "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(proxy.readResponse()).endsWith("/192.0.2.3:3333");
      assertThat(proxy.readResponse()).endsWith("/192.0.2.3:3333");
    }
  }

  @Test
  void aHeaderByteByByteIsUnderstood() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      for (char octet : (CAROL + "GET / HTTP/1.1\r\nHost: x\r\n\r\n").toCharArray()) {
        proxy.send(String.valueOf(octet));
      }
      assertThat(proxy.readResponse()).endsWith("/192.0.2.3:3333");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HEALTH_CHECK, "PROXY UNKNOWN\r\n"})
  void aConnectionOfTheProxysOwnHasItsAddress(String header) throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      assertThat(proxy.send(header).get("/").readResponse())
          .endsWith("/127.0.0.1:" + proxy.socket().getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROXY TCP4 localhost 192.0.2.9 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        SIGNATURE + "1\0\0\0GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001"
      })
  void whoBeginsOtherwiseIsClosedUnanswered(String beginning) throws Exception {
    try (RawClient client = RawClient.connect(server).send(beginning)) {
      assertThat(readAllOrReset(client)).isEmpty();
      await()
          .untilAsserted(
              () -> assertThat(ends.closed()).containsExactly(CloseReason.PROTOCOL_ERROR));
    }
    assertThat(ends.admitted()).isEqualTo(1);
  }

  private static String readAllOrReset(RawClient client) throws IOException {
    try {
      return client.readAll();
    } catch (java.net.SocketException reset) {
      return "";
    }
  }

  @Test
  void aSecondHeaderIsNoRequest() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      assertThat(proxy.send(ALICE + BOB).get("/").readAll()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void theHeaderHasToComeWithinTheHeaderTimeout() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      proxy.send("PROXY TCP4 192.0.2.1 ");
      await().until(() -> server.connections().count() == 1);
      time.pass(Duration.ofSeconds(11));
      assertThat(proxy.readAll()).isEmpty();
      await()
          .untilAsserted(
              () -> assertThat(ends.closed()).containsExactly(CloseReason.HEADER_TIMEOUT));
    }
  }

  @Test
  void aProxyThatOnlyLooksWhetherThePortIsOpenIsNoError() throws Exception {
    RawClient.connect(server).leave();
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.CLIENT));
    assertThat(ends.admitted()).isEqualTo(1);
  }

  @Test
  void aClientOverItsLimitGetsAWhole503AndHoldsNothing() throws Exception {
    try (RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server);
        RawClient other = RawClient.connect(server)) {
      first.send(ALICE).get("/").readResponse();
      assertThat(second.send(ALICE).get("/").readAll())
          .isEqualTo(
              RawClient.wire(
                      """
                      HTTP/1.1 503 Service Unavailable
                      Retry-After: 1
                      Content-Type: text/plain; charset=utf-8
                      Content-Length: 63
                      Connection: close

                      """)
                  + "this server has all the connections it takes from your address\n");
      assertThat(other.send(BOB).get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      assertThat(server.limit().inUse()).isEqualTo(2);
      assertThat(server.connections().count()).isEqualTo(2);
    }
    assertThat(ends.rejected()).containsExactly(Refused.CLIENT_LIMIT);
    assertThat(ends.admitted()).isEqualTo(2);
  }

  @Test
  void aClientThatHasLeftMayComeAgain() throws Exception {
    for (int time = 1; time <= 3; time++) {
      try (RawClient proxy = RawClient.connect(server)) {
        assertThat(proxy.send(ALICE).get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      }
      await().until(() -> server.limit().inUse() == 0);
    }
  }

  @Test
  void aConnectionWithoutItsHeaderYetHoldsAPermitAndIsNew() throws Exception {
    try (RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server);
        RawClient third = RawClient.connect(server);
        RawClient fourth = RawClient.connect(server);
        RawClient fifth = RawClient.connect(server)) {
      assertThat(fifth.send(ALICE).get("/").readAll()).startsWith("HTTP/1.1 503 ");
      assertThat(server.connections().census().fresh()).isEqualTo(4);
      assertThat(ends.rejected()).containsExactly(Refused.LIMIT);
      int address = 10;
      for (RawClient client : new RawClient[] {first, second, third, fourth}) {
        client.send("PROXY TCP4 192.0.2.%d 192.0.2.9 1111 80\r\n".formatted(address++));
        assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void aConnectionWithoutItsHeaderYetIsCutWithTheServer() throws Exception {
    try (RawClient proxy = RawClient.connect(server)) {
      proxy.send("PROXY");
      await().until(() -> server.connections().count() == 1);
      server.stop();
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.FORCED));
      assertThat(readAllOrReset(proxy)).isEmpty();
    }
  }

  @Test
  void aCrowdThatVanishesLeavesNothingBehind() throws Exception {
    String[] beginnings = {
      "", "PROXY", ALICE, ALICE + "GET", CAROL, HEALTH_CHECK, "GET / H", "\r\n"
    };
    for (int round = 0; round < 20; round++) {
      for (String beginning : beginnings) {
        RawClient.connect(server).send(beginning).reset();
      }
    }
    await().until(() -> ends.closed().size() + ends.rejected().size() == 160);
    await().until(() -> server.limit().inUse() == 0);
    assertThat(ends.admitted()).isEqualTo(ends.closed().size());
    try (RawClient proxy = RawClient.connect(server)) {
      assertThat(proxy.send(ALICE).get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }
}
