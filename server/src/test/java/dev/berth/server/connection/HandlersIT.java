package dev.berth.server.connection;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.StatusException;
import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a connection, and of the others, when a handler doesn't do as it should. */
final class HandlersIT {
  private static final byte[] FIVE = "hello".getBytes(StandardCharsets.US_ASCII);

  private final Ends ends = new Ends();

  private Server server(Handler handler) throws IOException {
    return TestServers.builder().handler(handler).events(ends).start();
  }

  private void endsWith(CloseReason reason) {
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
  }

  /** The client can tell that this was not all: it ends with a reset. */
  private static void isCut(RawClient client) {
    assertThatThrownBy(client::readAll)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reset");
  }

  /** A 500, after which the connection answers as if nothing had been. */
  private static void failsAndGoesOn(Server server) throws IOException {
    try (RawClient client = RawClient.connect(server)) {
      for (int time = 0; time < 2; time++) {
        assertThat(client.get("/").readResponse())
            .startsWith("HTTP/1.1 500 Internal Server Error")
            .doesNotContain("Connection: close");
      }
    }
  }

  @Test
  void oneThatThrowsAfterItsHeadWasSentCutsTheConnection() throws Exception {
    try (Server server =
            server((request, response) -> {
              response.stream().flush();
              throw new IllegalStateException("on purpose");
            });
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
      isCut(client);
      endsWith(CloseReason.HANDLER_ERROR);
    }
  }

  @Test
  void oneThatEndsItsResponseMayGoOnWhileItsClientHasIt() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    try (Server server =
            server((request, response) -> {
              OutputStream content = response.stream();
              content.write(FIVE);
              content.flush();
              content.write(FIVE);
              response.trailer("X", "1");
              response.end();
              assertThatThrownBy(() -> content.write(FIVE)).isInstanceOf(IOException.class);
              heard.await();
            });
        RawClient client = RawClient.connect(server)) {
      for (int time = 0; time < 2; time++) {
        assertThat(client.get("/").readUntil("0\r\nX: 1\r\n\r\n"))
            .endsWith("5\r\nhello\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n");
        heard.countDown();
      }
    }
  }

  @Test
  void oneThatThrowsAfterTheEndOfItsResponseClosesTheConnection() throws Exception {
    try (Server server =
            server((request, response) -> {
              response.end();
              throw new IllegalStateException("on purpose");
            });
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll())
          .startsWith("HTTP/1.1 200 OK")
          .contains("\r\nContent-Length: 0\r\n");
      endsWith(CloseReason.HANDLER_ERROR);
    }
  }

  @Test
  void oneWhoseOwnIOFailsDuringADrainGets500() throws Exception {
    try (Server server =
            server((request, response) -> {
              response.text("ok");
              throw new IOException("on purpose");
            });
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(client.get("/").readAll())
          .startsWith("HTTP/1.1 500 Internal Server Error")
          .contains("\r\nConnection: close\r\n");
      endsWith(CloseReason.DRAIN);
    }
  }

  @Test
  void oneWhoseOwnIOFailsInItsLastAnswerIsCut() throws Exception {
    try (Server server =
            server((request, response) -> {
              if (request.path().equals("/fails")) {
                response.stream().flush();
                throw new IOException("on purpose");
              }
            });
        RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(client.get("/fails").readUntil("\r\n\r\n")).contains("Connection: close");
      isCut(client);
    }
  }

  @Test
  void oneWhoseOwnIOFailsInItsLastAnswerLeavesTheEarlierOnes() throws Exception {
    CompletableFuture<Server> drained = new CompletableFuture<>();
    try (Server server =
            server((request, response) -> {
              if (request.path().equals("/fails")) {
                drained.join().drain().begin(Drain.Cause.REQUEST);
              }
              response.text("ok");
              if (request.path().equals("/fails")) {
                throw new IOException("on purpose");
              }
            });
        RawClient client = RawClient.connect(server)) {
      drained.complete(server);
      client.send(
          wire(
              """
              GET / HTTP/1.1
              Host: x

              GET /fails HTTP/1.1
              Host: x

              """));
      assertThat(client.readAll()).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 500 ");
    }
  }

  @Test
  void oneThatRefusesARequestWhoseBodyIsMalformedLeavesItToBeRefused() throws Exception {
    try (Server server =
            server((request, response) -> {
              throw new StatusException(404, "no");
            });
        RawClient client = RawClient.connect(server)) {
      client.send(
          wire(
              """
              POST / HTTP/1.1
              Host: x
              Transfer-Encoding: chunked

              X
              """));
      assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
      endsWith(CloseReason.PROTOCOL_ERROR);
      assertThat(ends.answered()).containsExactly(400);
    }
  }

  @Test
  void oneThatFailsIsCountedAlsoIfTheClientLeavesWithoutItsBody() throws Exception {
    try (Server server =
            server((request, response) -> {
              throw new StatusException(404, "no");
            });
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 404 ");
      client.leave();
      await().untilAsserted(() -> assertThat(ends.answered()).containsExactly(404));
    }
  }

  @Test
  void oneThatFailsIsCountedAlsoIfTheClientBreaksOff() throws Exception {
    try (Server server =
            server((request, response) -> {
              throw new IllegalStateException("on purpose");
            });
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 500 ");
      client.reset();
      await().untilAsserted(() -> assertThat(ends.answered()).containsExactly(500));
      endsWith(CloseReason.IO_ERROR);
    }
  }

  /** One that gives five bytes, whatever it announces, and sends them early or not. */
  private static Handler gives(int times, String announced, boolean early) {
    return (request, response) -> {
      response.header("Content-Length", announced);
      OutputStream content = response.stream();
      for (int time = 0; time < times; time++) {
        content.write(FIVE);
        if (early) {
          content.flush();
        }
      }
    };
  }

  @ParameterizedTest(name = "5 bytes of {0}")
  @ValueSource(strings = {"4", "6"})
  void oneThatWritesTooMuchOrTooLittleGets500IfNothingWasSent(String announced) throws Exception {
    try (Server server = server(gives(1, announced, false))) {
      failsAndGoesOn(server);
    }
  }

  @ParameterizedTest(name = "{0} times 5 bytes of 6")
  @ValueSource(ints = {1, 2})
  void oneThatWritesTooMuchOrTooLittleIsCutIfSomeWasSent(int times) throws Exception {
    try (Server server = server(gives(times, "6", true));
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readUntil("hello")).contains("Content-Length: 6");
      isCut(client);
      endsWith(CloseReason.HANDLER_ERROR);
    }
  }

  @Test
  void oneThatTakesLongHasItsAnswerSentBeforeTheNextRequestsHandlerRuns() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    try (Server server =
            server((request, response) -> {
              if (request.path().equals("/long")) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
              } else {
                read.await();
              }
              response.text(request.path());
            });
        RawClient client = RawClient.connect(server)) {
      client.send("GET /long HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse()).endsWith("/long");
      read.countDown();
      assertThat(client.readResponse()).endsWith("/2");
    }
  }

  @Test
  void thoseThatBlockForEverLeaveTheOthersAlone() throws Exception {
    CountDownLatch stuck = new CountDownLatch(64);
    Handler handler =
        (request, response) -> {
          if (request.path().equals("/stuck")) {
            stuck.countDown();
            new CountDownLatch(1).await();
          }
          response.text("served");
        };
    try (Server server =
        TestServers.builder()
            .handler(handler)
            .timeouts(
                TestServers.PROMPT.withDrain(java.time.Duration.ZERO, java.time.Duration.ZERO))
            .start()) {
      for (int client = 0; client < 64; client++) {
        RawClient.connect(server).get("/stuck");
      }
      stuck.await();
      try (RawClient other = RawClient.connect(server)) {
        assertThat(other.get("/").readResponse()).endsWith("served");
      }
    }
  }

  @Test
  void oneThatOverflowsItsStackGets500() throws Exception {
    try (Server server = server((request, response) -> response.text("depth " + depth(1)))) {
      failsAndGoesOn(server);
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int depth(int from) {
    return depth(from + 1) + 1;
  }

  @Test
  void oneThatAsksForMoreThanTheHeapGets500AndIsCounted() throws Exception {
    try (Server server =
        server((request, response) -> response.body(new byte[Integer.MAX_VALUE]))) {
      failsAndGoesOn(server);
    }
    assertThat(ends.timesOutOfMemory()).isEqualTo(2);
  }

  @Test
  void oneThatInterruptsItselfIsAnsweredAllTheSame() throws Exception {
    try (Server server =
            server((request, response) -> {
              Thread.currentThread().interrupt();
              response.text("interrupted");
            });
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).endsWith("interrupted");
      assertThat(client.get("/").readResponse()).endsWith("interrupted");
    }
  }

  @Test
  void oneThatClosesItsStreamsTwiceIsAnsweredOnce() throws Exception {
    try (Server server =
            server((request, response) -> {
              request.body().close();
              request.body().close();
              OutputStream content = response.stream();
              content.write(FIVE);
              content.close();
              content.close();
            });
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).endsWith("\r\n\r\nhello");
      assertThat(client.get("/").readResponse()).endsWith("\r\n\r\nhello");
    }
  }

  @Test
  void whatOneKeptAfterItsReturnDoesNotReachAnotherClient() throws Exception {
    BlockingQueue<Response> kept = new LinkedBlockingQueue<>();
    BlockingQueue<OutputStream> keptStreams = new LinkedBlockingQueue<>();
    CountDownLatch misused = new CountDownLatch(1);
    Handler handler =
        (request, response) -> {
          if (request.path().equals("/keeps")) {
            kept.add(response);
            keptStreams.add(response.stream());
          } else {
            misused.await();
            response.text("yours");
          }
        };
    try (Server server = server(handler)) {
      try (RawClient first = RawClient.connect(server)) {
        first.get("/keeps").readResponse();
      }
      await().until(() -> server.connections().count() == 0);
      try (RawClient second = RawClient.connect(server)) {
        // The one exchange there is serves the second client now.
        second.get("/");
        await().until(() -> server.connections().census().active() == 1);
        Response late = kept.take();
        assertThatThrownBy(() -> late.text("another's")).hasMessageContaining("has returned");
        assertThatThrownBy(() -> keptStreams.take().write(FIVE))
            .hasMessageContaining("has returned");
        misused.countDown();
        assertThat(second.readResponse()).endsWith("\r\n\r\nyours");
      }
    }
  }

  @Test
  void oneThatLeavesAnotherThreadReadingIsAnsweredAndTheThreadTold() throws Exception {
    CompletableFuture<Thread> left = new CompletableFuture<>();
    CompletableFuture<String> read = new CompletableFuture<>();
    try (Server server =
            server((request, response) -> {
              InputStream body = request.body();
              Thread reading =
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          read.complete("read " + body.readAllBytes().length);
                        } catch (IOException over) {
                          read.complete("over");
                        }
                      });
              if (request.method().equals("POST")) {
                await().until(() -> reading.getState() == Thread.State.WAITING);
                left.complete(reading);
              }
              response.text("answered");
            });
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
      assertThat(left.get().join(Duration.ofSeconds(20))).isTrue();
      assertThat(read).isCompletedWithValue("over");
      client.send("defghi");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200").endsWith("answered");
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void oneMayHaveAnotherThreadAnswerWhileItWaits() throws Exception {
    try (Server server =
            server((request, response) -> {
              OutputStream content = response.stream();
              Thread other =
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          content.write(FIVE);
                        } catch (IOException broken) {
                          throw new java.io.UncheckedIOException(broken);
                        }
                      });
              other.join();
            });
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).endsWith("\r\n\r\nhello");
    }
  }

  private Server upgrading(Upgrade conversation) throws IOException {
    return server((request, response) -> response.upgrade("raw", conversation));
  }

  private static RawClient upgrade(Server server) throws IOException {
    RawClient client = RawClient.connect(server);
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\n");
    assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101");
    return client;
  }

  @Test
  void anUpgradeThatFailsCutsTheConnection() throws Exception {
    try (Server server =
            upgrading((in, out) -> {
              throw new IllegalStateException("on purpose");
            });
        RawClient client = upgrade(server)) {
      isCut(client);
      endsWith(CloseReason.HANDLER_ERROR);
    }
  }

  @Test
  void anUpgradeThatFailsAfterItsLastWordIsHeard() throws Exception {
    try (Server server =
            upgrading((in, out) -> {
              out.write(FIVE);
              out.close();
              throw new IllegalStateException("on purpose");
            });
        RawClient client = upgrade(server)) {
      assertThat(client.readAll()).isEqualTo("hello");
      client.halfClose();
      endsWith(CloseReason.HANDLER_ERROR);
    }
  }
}
