package dev.berth.server.proxy;

import static dev.berth.server.RawClient.wire;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.connection.ConnectionState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to the upstream: how many there are, which are asked again, and when they end. */
final class KeptConnectionsIT {
  private static final String GET = "GET / HTTP/1.1\nHost: shop.example\n\n";
  private static final String OK = wire("HTTP/1.1 200 OK\nDate: today\nContent-Length: 2\n\nok");

  private final Proxied proxied;

  KeptConnectionsIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  private RawClient answered(String response) throws IOException {
    RawClient upstream = proxied.hears(GET);
    upstream.readUntil("\r\n\r\n");
    upstream.send(response);
    proxied.client.readResponse();
    return upstream;
  }

  private RawClient kept() throws IOException {
    RawClient upstream = answered(OK);
    await().until(() -> proxied.proxy.idle() == 1);
    return upstream;
  }

  @Test
  void oneIsAskedAgain() throws Exception {
    try (RawClient upstream = kept()) {
      proxied.client.send(wire(GET));
      upstream.readUntil("\r\n\r\n");
      upstream.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("ok");
    }
    assertThat(proxied.told.openedCount()).isEqualTo(1);
  }

  @Test
  void oneServesManyClients() throws Exception {
    try (RawClient upstream = kept();
        RawClient other = RawClient.connect(proxied.server)) {
      other.send(wire(GET));
      upstream.readUntil("\r\n\r\n");
      upstream.send(OK);
      assertThat(other.readResponse()).endsWith("ok");
    }
    assertThat(proxied.told.openedCount()).isEqualTo(1);
  }

  @Test
  void anAnswerDoesNotWaitForTheContentOfTheRequestAfterIt() throws Exception {
    String upload = "POST / HTTP/1.1\nHost: x\nContent-Length: 100000\n\n";
    try (RawClient upstream = proxied.hears(GET + upload)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("ok");
    }
  }

  @Test
  void idleClientsHoldNone() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try (RawClient upstream = kept()) {
      for (int count = 0; count < 50; count++) {
        clients.add(RawClient.connect(proxied.server).send("GET / HTTP/1.1\r\nHost:"));
      }
      await().until(() -> proxied.server.connections().count() == 51);
      assertThat(proxied.proxy.active()).isZero();
      assertThat(proxied.proxy.idle()).isEqualTo(1);
      upstream.leave();
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 8_192, 65_536})
  void slowContentThatIsShortHoldsNone(int length) throws Exception {
    try (RawClient upstream = kept();
        RawClient slow = slow(length)) {
      await().until(() -> received(length) == 1);
      assertThat(proxied.proxy.active()).isZero();
      upstream.leave();
      slow.send("!");
      try (RawClient fresh = proxied.upstream.accept()) {
        fresh.readUntil("\r\n\r\n");
        assertThat(new String(fresh.readBytes(length), US_ASCII)).endsWith("x!");
        fresh.send(OK);
        assertThat(slow.readResponse()).endsWith("ok");
      }
    }
  }

  private long received(int bytes) {
    return proxied.server.connections().list(100).stream()
        .filter(connection -> connection.state() == ConnectionState.ACTIVE)
        .filter(connection -> connection.bytesIn() > bytes)
        .count();
  }

  @Test
  void ofManyWhoSendSlowlyOnlySomeAreHeardOut() throws Exception {
    int length = 10_000;
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int count = 0; count < 16; count++) {
        clients.add(slow(length));
      }
      await().until(() -> received(length) == 16);
      assertThat(proxied.proxy.active()).isZero();
      clients.add(slow(length));
      try (RawClient upstream = proxied.upstream.accept()) {
        upstream.readUntil("\r\n\r\n");
        clients.getFirst().send("!");
        try (RawClient other = proxied.upstream.accept()) {
          other.readUntil("\r\n\r\n");
          other.readBytes(length);
          other.send(OK);
          assertThat(clients.getFirst().readResponse()).endsWith("ok");
        }
        clients.getLast().send("!");
        upstream.readBytes(length);
        upstream.send(OK);
        assertThat(clients.getLast().readResponse()).endsWith("ok");
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  private RawClient slow(int length) throws IOException {
    return RawClient.connect(proxied.server)
        .send("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: " + length + "\r\n\r\n")
        .send("x".repeat(length - 1));
  }

  @Test
  void oneThatNobodyAsksOnIsClosedAfterAWhile() throws Exception {
    try (RawClient upstream = kept()) {
      proxied.time.pass(Duration.ofSeconds(5));
      assertThat(upstream.readAll()).isEmpty();
      await().until(() -> proxied.proxy.idle() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more",
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      })
  void oneThatCanNotBeTrustedToGoOnIsClosed(String response) throws Exception {
    try (RawClient upstream = answered(response)) {
      proxied.awaitDone(1);
      await().until(() -> proxied.proxy.active() == 0);
      assertThat(proxied.proxy.idle()).isZero();
      upstream.leave();
    }
  }

  @Test
  void whatTheUpstreamSaysUnaskedIsNobodysAnswer() throws Exception {
    try (RawClient upstream = kept()) {
      upstream.send(wire("HTTP/1.1 200 OK\nContent-Length: 4\n\nevil"));
      try (RawClient fresh = proxied.hears(GET)) {
        fresh.readUntil("\r\n\r\n");
        fresh.send(OK);
        assertThat(proxied.client.readResponse()).endsWith("ok");
      }
    }
  }

  @Test
  void whatTheUpstreamSaysWhileTheClientIsWaitedForIsNobodysAnswer() throws Exception {
    try (RawClient upstream = kept()) {
      proxied.client.send(wire("POST / HTTP/1.1\nHost: x\nContent-Length: 2\n\n"));
      await().until(() -> received(2) == 1);
      upstream.send(wire("HTTP/1.1 200 OK\nContent-Length: 4\n\nevil"));
      proxied.client.send("hi");
      try (RawClient fresh = proxied.upstream.accept()) {
        fresh.readUntil("hi");
        fresh.send(OK);
        assertThat(proxied.client.readResponse()).endsWith("ok");
      }
    }
  }

  @Test
  void oneThatHasEndedMeanwhileIsNotAsked() throws Exception {
    kept().leave();
    try (RawClient fresh = proxied.hears("POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n")) {
      fresh.readUntil("\r\n\r\n");
      fresh.send(OK);
      assertThat(proxied.client.readResponse()).endsWith("ok");
    }
    assertThat(proxied.told.retriedCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GET,
        "GET / HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
        "PUT / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 0\n\n",
        "DELETE / HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
      })
  void whatEndsJustAsItIsAskedIsAskedAgainElsewhere(String request) throws Exception {
    try (RawClient upstream = kept()) {
      proxied.client.send(wire(request));
      upstream.readUntil("\r\n\r\n");
      upstream.leave();
      try (RawClient fresh = proxied.upstream.accept()) {
        fresh.readUntil("\r\n\r\n");
        fresh.send(OK);
        assertThat(proxied.client.readResponse()).endsWith("ok");
      }
    }
    assertThat(proxied.told.retriedCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
        "PATCH / HTTP/1.1\nHost: x\n\n",
        "PUT / HTTP/1.1\nHost: x\nContent-Length: 1\n\n1",
      })
  void whatMayHaveHadAnEffectIsNotAskedAgain(String request) throws Exception {
    try (RawClient upstream = kept()) {
      proxied.client.send(wire(request));
      upstream.readUntil("\r\n\r\n");
      upstream.leave();
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
    }
    assertThat(proxied.told.retriedCount()).isZero();
  }

  @Test
  void whatHasBegunToBeAnsweredIsNotAskedAgain() throws Exception {
    try (RawClient upstream = kept()) {
      proxied.client.send(wire(GET));
      upstream.readUntil("\r\n\r\n");
      upstream.send("H").leave();
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 502 ");
    }
  }

  @Test
  void oneMoreThanThereMayBeIs503() throws Exception {
    try (RawClient first = proxied.hears(GET);
        RawClient second = RawClient.connect(proxied.server);
        RawClient third = RawClient.connect(proxied.server)) {
      second.send(wire(GET));
      try (RawClient other = proxied.upstream.accept()) {
        third.send(wire(GET));
        assertThat(third.readResponse())
            .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
            .contains("\r\nRetry-After: 1\r\n")
            .endsWith("all connections to the upstream are in use\n");
        first.readUntil("\r\n\r\n");
        first.send(OK);
        proxied.client.readResponse();
        await().until(() -> proxied.proxy.idle() == 1);
        third.send(wire(GET));
        first.readUntil("\r\n\r\n");
        first.send(OK);
        assertThat(third.readResponse()).endsWith("ok");
        other.leave();
      }
    }
    assertThat(proxied.told.openedCount()).isEqualTo(2);
  }

  @Test
  void aRequestWaitsForOneToBecomeFree() throws Exception {
    UpstreamLimits patient =
        new UpstreamLimits(
            1, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(4));
    try (Proxied one = new Proxied(patient);
        RawClient upstream = one.hears(GET);
        RawClient second = RawClient.connect(one.server)) {
      upstream.readUntil("\r\n\r\n");
      second.send(wire(GET));
      await().until(() -> one.proxy.waiting() == 1);
      upstream.send(OK);
      upstream.readUntil("\r\n\r\n");
      upstream.send(OK);
      assertThat(second.readResponse()).endsWith("ok");
    }
  }

  @Test
  void aStreamOfEventsLeavesItsPlaceToOthersAndEndsWithItsClient() throws Exception {
    try (RawClient upstream = proxied.hears(GET)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire("HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\ndata: 1\n\n"));
      assertThat(proxied.client.readUntil("data: 1\r\n")).startsWith("HTTP/1.1 200 OK");
      assertThat(proxied.proxy.streaming()).isEqualTo(1);
      assertThat(proxied.proxy.active()).isZero();
      proxied.time.pass(Duration.ofMinutes(10));
      upstream.send("data: 2");
      proxied.client.readUntil("data: 2");
      proxied.client.leave();
      assertThat(upstream.readAll()).isEmpty();
    }
    await().until(() -> proxied.proxy.streaming() == 0);
  }
}
