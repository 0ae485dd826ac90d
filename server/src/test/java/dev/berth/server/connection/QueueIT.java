package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections beyond the limit that wait in the queue instead of being refused. */
final class QueueIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Handler TELL =
      (request, response) ->
          response.text(
              request.peer().getAddress().getHostAddress()
                  + " "
                  + request.path()
                  + " "
                  + request.body().readAllBytes().length);

  private final Ends ends = new Ends();

  private static Server.Builder builder(int limit, Duration timeout) {
    return TestServers.builder()
        .handler(TELL)
        .limit(ConnectionLimit.of(limit, 10))
        .queueTimeout(timeout);
  }

  private Server queueing(int limit, Duration timeout) throws IOException {
    return builder(limit, timeout).clientLimit(ClientLimit.of(3)).events(ends).start();
  }

  private static RawClient served(Server server) throws IOException {
    RawClient client = RawClient.connect(server);
    client.get("/first").readResponse();
    return client;
  }

  private static RawClient waiting(Server server, int nth) throws IOException {
    RawClient client = RawClient.connect(server);
    await().until(() -> server.limit().waiting() == nth);
    return client;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  @Test
  void whatWasAskedInTheQueueIsAnsweredWhenAnotherEnds() throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      second.send(get("/one") + get("/two"));
      first.leave();
      assertThat(second.readResponse()).endsWith("127.0.0.1 /one 0");
      assertThat(second.readResponse()).endsWith("127.0.0.1 /two 0");
      assertThat(second.get("/three").readResponse()).endsWith("127.0.0.1 /three 0");
      assertThat(ends.admitted()).isEqualTo(2);
    }
  }

  @Test
  void whoMayWaitForEverDoes() throws Exception {
    try (Server server = queueing(1, Duration.ofSeconds(Long.MAX_VALUE));
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      first.leave();
      assertThat(second.get("/").readResponse()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aRequestThatIsHalfThereIsServedOnceItIsWhole() throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      second.send("GET /half HTTP/1.1\r\nHo");
      first.leave();
      await().until(() -> server.limit().waiting() == 0);
      assertThat(second.send("st: x\r\n\r\n").readResponse()).endsWith(" /half 0");
    }
  }

  @Test
  void moreThanIsKeptOfAWaitingClientIsServedToo() throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      second.send(
          "POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
              + "x".repeat(100_000));
      first.leave();
      assertThat(second.readResponse()).endsWith(" /large 100000");
    }
  }

  @Test
  void theClientThatAProxyNamedInTheQueueIsKnown() throws Exception {
    try (Server server = builder(1, LONG).proxyProtocol(true).start();
        RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server)) {
      await().until(() -> server.limit().waiting() == 1);
      second.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n" + get("/behind"));
      first.leave();
      assertThat(second.readResponse()).endsWith("192.0.2.7 /behind 0");
    }
  }

  @Test
  void whoWaitsTooLongIsRefused() throws Exception {
    try (Server server = queueing(0, Duration.ofMillis(50));
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 503");
      assertThat(ends.rejected()).containsExactly(Refused.QUEUE_TIMEOUT);
    }
  }

  @Test
  void whoHasAskedAndWaitsTooLongIsRefusedBeforeWhoHasNot() throws Exception {
    try (Server server = queueing(0, Duration.ofMillis(100));
        RawClient silent = RawClient.connect(server);
        RawClient asking = RawClient.connect(server)) {
      String answer = asking.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").readAll();
      assertThat(silent.socket().getInputStream().available()).isZero();
      assertThat(answer).startsWith("HTTP/1.1 503").endsWith("\r\nConnection: close\r\n\r\n");
      assertThat(silent.readAll()).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void whoComesToAFullQueueIsRefusedAtOnce() throws Exception {
    try (Server server =
            TestServers.builder()
                .handler(TELL)
                .limit(ConnectionLimit.of(0, 1))
                .queueTimeout(LONG)
                .events(ends)
                .start();
        RawClient queued = waiting(server, 1);
        RawClient second = RawClient.connect(server)) {
      assertThat(second.get("/").readAll()).startsWith("HTTP/1.1 503");
      assertThat(ends.rejected()).containsExactly(Refused.LIMIT);
      server.limit().move(1);
      assertThat(queued.get("/queued").readResponse()).endsWith(" /queued 0");
    }
  }

  private void leavesTheQueue(Server server) {
    await().until(() -> server.limit().waiting() == 0);
    await().untilAsserted(() -> assertThat(ends.rejected()).containsExactly(Refused.HUNG_UP));
    assertThat(ends.admitted()).isEqualTo(1);
  }

  private interface Departure {
    void of(RawClient client) throws IOException;
  }

  private void leavesTheQueueBy(Departure departure) throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server)) {
      departure.of(waiting(server, 1));
      leavesTheQueue(server);
      assertThat(first.get("/still").readResponse()).endsWith(" /still 0");
    }
  }

  @Test
  void whoHangsUpLeavesTheQueueBeforeItsTurn() throws Exception {
    leavesTheQueueBy(client -> client.leave());
  }

  @Test
  void whoHangsUpAfterAskingLeavesItToo() throws Exception {
    leavesTheQueueBy(client -> client.get("/in-vain").leave());
  }

  @Test
  void whoVanishesWithAResetLeavesItToo() throws Exception {
    leavesTheQueueBy(client -> client.get("/in-vain").reset());
  }

  @Test
  void whoHangsUpMakesThePlaceFreeForTheNext() throws Exception {
    try (Server server =
        TestServers.builder()
            .handler(TELL)
            .limit(ConnectionLimit.of(1, 1))
            .clientLimit(ClientLimit.of(2))
            .queueTimeout(LONG)
            .events(ends)
            .start()) {
      try (RawClient first = served(server)) {
        waiting(server, 1).leave();
        leavesTheQueue(server);
        try (RawClient third = waiting(server, 1).get("/third")) {
          first.leave();
          assertThat(third.readResponse()).endsWith(" /third 0");
        }
      }
    }
  }

  @Test
  void whoWaitedInVainNoLongerCountsForItsAddress() throws Exception {
    try (Server server = queueing(0, Duration.ofMillis(20))) {
      for (int round = 0; round < 5; round++) {
        try (RawClient client = RawClient.connect(server)) {
          assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 503");
        }
      }
      assertThat(ends.rejected()).hasSize(5).containsOnly(Refused.QUEUE_TIMEOUT);
    }
  }

  @Test
  void thoseWhoWaitAreNotServedByAServerThatHasStopped() throws Exception {
    Server server = queueing(0, LONG);
    try (RawClient client = waiting(server, 1)) {
      client.get("/");
      server.stop();
      assertThat(client.readAll()).startsWith("HTTP/1.1 503").contains("about to end");
      await().untilAsserted(() -> assertThat(server.limit().inUse()).isZero());
      assertThat(ends.rejected()).containsExactly(Refused.DRAINING);
    }
  }

  @Test
  void thoseWhoWaitWhenADrainRefusesAreTurnedAwayAtOnce() throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      second.get("/");
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(second.readAll()).startsWith("HTTP/1.1 503").contains("about to end");
      assertThat(ends.rejected()).containsExactly(Refused.DRAINING);
      assertThat(first.get("/last").readAll()).contains("Connection: close");
    }
  }

  @Test
  void whoIsCutAfterTheQueueIsTold() throws Exception {
    Handler failing =
        (request, response) -> {
          if (request.path().equals("/fails")) {
            response.stream().flush();
            throw new IllegalStateException("on purpose");
          }
        };
    try (Server server = builder(1, LONG).handler(failing).events(ends).start();
        RawClient first = served(server);
        RawClient second = waiting(server, 1);
        RawClient third = waiting(server, 2)) {
      second.get("/fails");
      third.leave();
      // Who was heard after it, so that nothing of the queue's is left to do for it.
      await().untilAsserted(() -> assertThat(ends.rejected()).containsExactly(Refused.HUNG_UP));
      first.leave();
      assertThat(second.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
      assertThatThrownBy(second::readAll).hasMessageContaining("reset");
    }
  }

  @Test
  void whoIsTurnedAwayByADrainWhileItSendsIsNotReset() throws Exception {
    try (Server server = queueing(1, LONG);
        RawClient first = served(server);
        RawClient second = waiting(server, 1)) {
      String half = "x".repeat(32 * 1024);
      second.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" + half);
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(second.readAll()).startsWith("HTTP/1.1 503").contains("about to end");
      assertThatCode(() -> second.send(half).send("more")).doesNotThrowAnyException();
      first.leave();
    }
  }
}
