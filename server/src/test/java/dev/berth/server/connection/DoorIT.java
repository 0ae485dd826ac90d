package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens at the door: who comes in, and what those get who don't. */
final class DoorIT {
  private static final String REFUSAL =
      RawClient.wire(
          """
          HTTP/1.1 503 Service Unavailable
          Retry-After: 1
          Content-Type: text/plain; charset=utf-8
          Content-Length: 49
          Connection: close

          """);

  private static Server full(int limit) throws Exception {
    return TestServers.builder().handler(new Hello()).limit(ConnectionLimit.of(limit)).start();
  }

  @Test
  void aConnectionBeyondTheLimitGetsAWhole503() throws Exception {
    try (Server server = full(1);
        RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server)) {
      first.get("/").readResponse();

      assertThat(second.get("/").readAll())
          .isEqualTo(REFUSAL + "this server has all the connections it takes now\n");
    }
  }

  @Test
  void aRefusedHeadGetsNoContent() throws Exception {
    try (Server server = full(0);
        RawClient client = RawClient.connect(server);
        RawClient other = RawClient.connect(server)) {
      assertThat(client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").readAll()).isEqualTo(REFUSAL);
      assertThat(other.send("HEADS / HTTP/1.1\r\nHost: x\r\n\r\n").readAll())
          .isEqualTo(REFUSAL + "this server has all the connections it takes now\n");
    }
  }

  @Test
  void aClientThatSaysNothingGetsIt() throws Exception {
    try (Server server = full(0);
        RawClient silent = RawClient.connect(server)) {
      assertThat(silent.readAll()).startsWith(REFUSAL);
    }
  }

  @Test
  void aClientThatAsksLateGetsItOnceItHasAsked() throws Exception {
    try (Server server = full(0);
        RawClient late = RawClient.connect(server)) {
      // By then the door has looked for a request several times, but not given up.
      await().pollDelay(Duration.ofMillis(50)).until(() -> true);
      assertThat(late.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").readAll()).isEqualTo(REFUSAL);
    }
  }

  @Test
  void aClientThatHasEndedItsSideGetsIt() throws Exception {
    try (Server server = full(0);
        RawClient client = RawClient.connect(server);
        RawClient silent = RawClient.connect(server)) {
      assertThat(client.get("/").halfClose().readAll()).startsWith(REFUSAL);
      assertThat(silent.halfClose().readAll()).startsWith(REFUSAL);
    }
  }

  @Test
  void aClientThatSendsOnGetsIt() throws Exception {
    try (Server server = full(0);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
      client.send("more ".repeat(40_000));
      assertThat(client.readAll()).startsWith(REFUSAL);
    }
  }

  @Test
  void aClientThatStaysIsHungUpOn() throws Exception {
    try (Server server = full(0);
        RawClient client = RawClient.connect(server)) {
      client.get("/").readAll();
      // What it sends then is answered with a reset.
      await()
          .untilAsserted(
              () -> assertThatThrownBy(() -> client.send("x")).isInstanceOf(IOException.class));
    }
  }

  @Test
  void aFloodOfTheRefusedGetsItAndLeavesTheAdmittedAlone() throws Exception {
    List<RawClient> refused = new ArrayList<>();
    try (Server server = full(1);
        RawClient admitted = RawClient.connect(server)) {
      admitted.get("/").readResponse();
      for (int client = 0; client < Door.places() + 200; client++) {
        refused.add(RawClient.connect(server));
      }
      assertThat(admitted.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      for (RawClient client : refused) {
        assertThat(client.readAll()).startsWith(REFUSAL);
      }
      assertThat(server.limit().inUse()).isEqualTo(1);
    } finally {
      refused.forEach(RawClient::close);
    }
  }

  @Test
  void aLimitOfZeroTakesNone() throws Exception {
    try (Server server = full(0);
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void raisingTheLimitAdmitsTheNextAtOnce() throws Exception {
    try (Server server = full(0)) {
      server.limit().move(1);
      try (RawClient client = RawClient.connect(server)) {
        assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void oneAddressGetsNoMoreThanItsShare() throws Exception {
    try (Server server =
            TestServers.builder().handler(new Hello()).clientLimit(ClientLimit.of(1)).start();
        RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server)) {
      first.get("/").readResponse();
      assertThat(second.get("/").readAll())
          .startsWith("HTTP/1.1 503")
          .contains("from your address");
      first.leave();
      await().until(() -> server.limit().inUse() == 0);
      try (RawClient third = RawClient.connect(server)) {
        assertThat(third.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
      }
    }
  }

  @Test
  void aRequestBeyondTheRequestLimitGets503AndTheConnectionStays() throws Exception {
    try (Server server = TestServers.builder().handler(new Hello()).requestLimit(1).start();
        RawClient client = RawClient.connect(server)) {
      server.requests().tryAcquire();
      assertThat(client.get("/").readResponse())
          .startsWith("HTTP/1.1 503")
          .contains("Retry-After: 1")
          .doesNotContain("Connection: close");
      server.requests().release();
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }
}
