package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Echo;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Hello;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each time that a client may take, and the reason its connection ends with. */
final class TimeoutsIT {
  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();

  private Server server(Handler handler) throws Exception {
    return TestServers.builder().handler(handler).nanoTime(time).events(ends).start();
  }

  private void endsWith(CloseReason reason) {
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
  }

  private static void awaitState(Server server, ConnectionState state) {
    await().until(() -> server.connections().census().of(state) == 1);
  }

  @Test
  void aConnectionThatSaysNothingEnds() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      awaitState(server, ConnectionState.NEW);
      time.pass(Duration.ofSeconds(11));
      assertThat(client.readAll()).isEmpty();
      endsWith(CloseReason.HEADER_TIMEOUT);
    }
  }

  @Test
  void oneThatTheHandlerEndsIsNoFailureThoughItsClientStays() throws Exception {
    try (Server server =
            server((request, response) -> response.header("Connection", "close").text("bye"));
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll()).endsWith("bye");
      time.pass(Duration.ofSeconds(2));
      endsWith(CloseReason.CLIENT);
    }
  }

  @Test
  void aHeadThatTakesTooLongGets408() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost");
      awaitState(server, ConnectionState.ACTIVE);
      time.pass(Duration.ofSeconds(11));
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      endsWith(CloseReason.HEADER_TIMEOUT);
    }
  }

  @Test
  void aHeadThatBeginsWithTheRequestBeforeItGets408() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK\r\n");
      // Its time begins when it is waited for, which nobody can see.
      await()
          .until(() -> {
            time.pass(Duration.ofSeconds(11));
            return !ends.closed().isEmpty();
          });
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      endsWith(CloseReason.HEADER_TIMEOUT);
    }
  }

  @ParameterizedTest(name = "its line end in pieces: {0}")
  @ValueSource(booleans = {false, true})
  void emptyLinesAreNoReasonToWaitLonger(boolean inPieces) throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      awaitState(server, ConnectionState.NEW);
      sendEmptyLines(server, client, inPieces, 3);
      time.pass(Duration.ofSeconds(2));
      assertThat(client.readAll()).isEmpty();
      endsWith(CloseReason.HEADER_TIMEOUT);
    }
  }

  @Test
  void emptyLinesAfterAnAnswerAreNoReasonToWaitLonger() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      awaitState(server, ConnectionState.IDLE);
      pass(server, Duration.ofSeconds(1));
      sendEmptyLines(server, client, false, 19);
      time.pass(Duration.ofSeconds(4));
      assertThat(client.readAll()).isEmpty();
      endsWith(CloseReason.IDLE);
    }
  }

  private void sendEmptyLines(Server server, RawClient client, boolean inPieces, int secondsEach)
      throws IOException {
    for (int times = 0; times < 3; times++) {
      for (String piece : inPieces ? List.of("\r", "\n") : List.of("\r\n")) {
        send(server, client, piece);
      }
      pass(server, Duration.ofSeconds(secondsEach));
    }
  }

  // Until all have noticed.
  private void pass(Server server, Duration duration) {
    long before = server.connections().list(1).getFirst().age().toSeconds();
    time.pass(duration);
    await()
        .until(() ->
            server.connections().list(1).getFirst().age().toSeconds()
                == before + duration.toSeconds());
  }

  @Test
  void anIdleConnectionEnds() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      awaitState(server, ConnectionState.IDLE);
      time.pass(Duration.ofSeconds(61));
      assertThat(client.readAll()).isEmpty();
      endsWith(CloseReason.IDLE);
    }
  }

  // More than are looked at in one round.
  @Test
  void eachOfManyEnds() throws Exception {
    int many = 2_500;
    List<RawClient> clients = new ArrayList<>();
    try (Server server = server(new Hello())) {
      try {
        for (int one = 0; one < many; one++) {
          clients.add(RawClient.connect(server));
        }
        await().until(() -> server.connections().count() == many);
        time.pass(Duration.ofSeconds(11));
        await().until(() -> ends.closed().size() == many);
        assertThat(ends.closed()).containsOnly(CloseReason.HEADER_TIMEOUT);
        assertThat(server.connections().count()).isZero();
      } finally {
        clients.forEach(RawClient::close);
      }
    }
  }

  @Test
  void aBodyWithoutProgressGets408() throws Exception {
    try (Server server =
            server((request, response) -> response.body(request.body().readAllBytes()));
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      awaitState(server, ConnectionState.ACTIVE);
      time.pass(Duration.ofSeconds(31));
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      endsWith(CloseReason.READ_TIMEOUT);
    }
  }

  @Test
  void aClientThatDoesNotReadIsCut() throws Exception {
    Handler endless =
        (request, response) -> {
          try (OutputStream out = response.stream()) {
            byte[] block = new byte[64 * 1024];
            while (true) {
              out.write(block);
            }
          }
        };
    try (Server server = server(endless);
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      // Time passes until the client's window is full, and then until the server has had enough of
      // that.
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).containsExactly(CloseReason.WRITE_TIMEOUT);
          });
      assertThat(server.limit().inUse()).isZero();
    }
  }

  private static void answerForEverWhileAnotherReads(Request request, Response response)
      throws IOException {
    Thread.ofVirtual().start(() -> readAll(request));
    try (OutputStream out = response.stream()) {
      while (true) {
        out.write(new byte[64 * 1024]);
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutThoughItHasSentAllMeanwhile() throws Exception {
    try (Server server = server(TimeoutsIT::answerForEverWhileAnotherReads);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      awaitFullWindow(server);
      client.send("defghij");
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).containsExactly(CloseReason.WRITE_TIMEOUT);
          });
    }
  }

  @Test
  void aBodyWithoutProgressEndsThoughItsReaderBeganToWaitDuringTheAnswer() throws Exception {
    int length = 64 * 1024 * 1024;
    CountDownLatch answering = new CountDownLatch(1);
    Handler readsLater =
        (request, response) -> {
          Thread reader =
              Thread.ofVirtual()
                  .start(() -> {
                    await().until(() -> answering.getCount() == 0);
                    readAll(request);
                  });
          response.header("Content-Length", String.valueOf(length));
          response.stream().write(new byte[length]);
          reader.join();
        };
    try (Server server = server(readsLater);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      awaitFullWindow(server);
      answering.countDown();
      client.readUntil("\r\n\r\n");
      client.readBytes(length);
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).containsExactly(CloseReason.READ_TIMEOUT);
          });
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutThoughItSendsOn() throws Exception {
    try (Server server = server(TimeoutsIT::answerForEverWhileAnotherReads);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
      awaitFullWindow(server);
      for (int times = 0; times < 3; times++) {
        send(server, client, "a");
        time.pass(Duration.ofSeconds(10));
      }
      endsWith(CloseReason.WRITE_TIMEOUT);
    }
  }

  @Test
  void aBodyThatComesSteadilyMayTakeLongThoughItsReaderWaitedDuringTheAnswer() throws Exception {
    int length = 64 * 1024 * 1024;
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch whole = new CountDownLatch(1);
    Handler readsElsewhere =
        (request, response) -> {
          Thread reader =
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      request.body().read();
                      written.await();
                      request.body().readAllBytes();
                      whole.countDown();
                    } catch (IOException | InterruptedException ended) {
                      // Seen by what is missing.
                    }
                  });
          await().until(() -> reader.getState() == Thread.State.WAITING);
          response.header("Content-Length", String.valueOf(length));
          response.stream().write(new byte[length]);
          written.countDown();
          reader.join();
        };
    try (Server server = server(readsElsewhere);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
      awaitFullWindow(server);
      send(server, client, "a");
      client.readUntil("\r\n\r\n");
      client.readBytes(length);
      written.await();
      for (int times = 0; times < 9; times++) {
        send(server, client, "a");
        time.pass(Duration.ofSeconds(10));
      }
      whole.await();
      assertThat(ends.closed()).isEmpty();
    }
  }

  // Until it has come.
  private static void send(Server server, RawClient client, String piece) throws IOException {
    long whole = server.connections().list(1).getFirst().bytesIn() + piece.length();
    client.send(piece);
    await().until(() -> server.connections().list(1).getFirst().bytesIn() == whole);
  }

  private static void awaitFullWindow(Server server) {
    AtomicLong before = new AtomicLong();
    await()
        .until(() -> {
          long sent = server.connections().list(1).getFirst().bytesOut();
          return sent > 0 && before.getAndSet(sent) == sent;
        });
  }

  private static void readAll(Request request) {
    try {
      request.body().readAllBytes();
    } catch (IOException ended) {
      // As it may.
    }
  }

  @Test
  void aConnectionThatIsTooOldEndsWithItsNextAnswer() throws Exception {
    try (Server server =
            TestServers.builder()
                .handler(new Echo())
                .timeouts(TestServers.PROMPT.withMaxConnectionAge(Duration.ofSeconds(20)))
                .nanoTime(time)
                .events(ends)
                .start();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).doesNotContain("Connection: close");
      time.pass(Duration.ofSeconds(17));
      await().until(() -> server.connections().list(1).getFirst().age().toSeconds() == 17);
      assertThat(client.get("/").readResponse()).doesNotContain("Connection: close");
      time.pass(Duration.ofSeconds(6));
      await().until(() -> server.connections().list(1).getFirst().age().toSeconds() == 23);
      assertThat(client.get("/").readAll()).contains("Connection: close");
      client.leave();
      endsWith(CloseReason.AGE);
    }
  }

  @ParameterizedTest(name = "{1} s of 20 s, by chance {0}")
  @CsvSource({"0, 17, false", "0, 19, true", "-1, 21, false", "-1, 23, true"})
  void theAgeIsVariedByATenthEitherWay(long chance, int seconds, boolean ends) throws Exception {
    try (Server server =
            TestServers.builder()
                .handler(new Echo())
                .timeouts(TestServers.PROMPT.withMaxConnectionAge(Duration.ofSeconds(20)))
                .chance(() -> chance)
                .nanoTime(time)
                .start();
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      awaitState(server, ConnectionState.IDLE);
      time.pass(Duration.ofSeconds(seconds));
      if (ends) {
        // By a FIN, as it has asked nothing for long.
        assertThat(client.readAll()).isEmpty();
      } else {
        await().until(() -> server.connections().list(1).getFirst().age().toSeconds() == seconds);
        assertThat(client.get("/").readResponse()).doesNotContain("Connection: close");
      }
    }
  }

  @Test
  void anUpgradedConnectionThatIsTooOldSaysGoodbye() throws Exception {
    try (Server server =
            TestServers.builder()
                .handler((request, response) ->
                    response.upgrade(
                        "chat",
                        (in, out) -> {
                          in.transferTo(out);
                          out.write('!');
                        }))
                .timeouts(TestServers.PROMPT.withMaxConnectionAge(Duration.ofSeconds(20)))
                .nanoTime(time)
                .events(ends)
                .start();
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\nearly");
      client.readUntil("early");
      time.pass(Duration.ofSeconds(23));
      assertThat(client.readAll()).isEqualTo("!");
      endsWith(CloseReason.AGE);
    }
  }

  @Test
  void aClientThatDoesNotReadItsLastAnswerIsCut() throws Exception {
    Handler endless =
        (request, response) -> {
          try (OutputStream out = response.stream()) {
            while (true) {
              out.write(new byte[64 * 1024]);
            }
          }
        };
    try (Server server = server(endless);
        RawClient client = RawClient.connect(server)) {
      awaitState(server, ConnectionState.NEW);
      server.drain().begin(Drain.Cause.REQUEST);
      client.get("/").readUntil("Connection: close\r\n");
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).hasSize(1);
          });
      assertThat(server.limit().inUse()).isZero();
    }
  }
}
