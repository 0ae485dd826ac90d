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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Clients that send in pieces, with a second between them, and so wait where none is in a hurry.
 */
final class SlowClientsIT {
  private static final int MANY = 150;
  private static final int MORE_THAN_SOCKETS_HOLD = 16 * 1024 * 1024;
  private static final Duration POLL = Duration.ofMillis(1);

  // Of the server's time: more than the poller takes for quick, and of a head not ten seconds in
  // all
  private static final Duration SLOWLY = Duration.ofMillis(300);

  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();

  private Server server(Handler handler) throws IOException {
    return TestServers.builder().handler(handler).nanoTime(time).events(ends).start();
  }

  /** Sends byte by byte, each when the server has got the one before it. */
  private void dribble(Server server, RawClient client, String bytes) throws IOException {
    for (int sent = 0; sent < bytes.length(); sent++) {
      sendAndAwait(server, client, bytes.substring(sent, sent + 1));
      time.pass(SLOWLY);
    }
  }

  private static void sendAndAwait(Server server, RawClient client, String bytes)
      throws IOException {
    long before = received(server);
    client.send(bytes);
    await().pollInterval(POLL).until(() -> received(server) == before + bytes.length());
  }

  // Until the server has looked at the clock, so that it doesn't count this time to what comes
  // next.
  private static void awaitAge(Server server, Duration age) {
    await().until(() -> server.connections().list(1).getFirst().age().compareTo(age) >= 0);
  }

  private static long received(Server server) {
    return server.connections().list(MANY).stream().mapToLong(ConnectionInfo::bytesIn).sum();
  }

  @Test
  void aHeadThatComesByteByByteIsAnswered() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      String head = "GET / HTTP/1.1\r\nHost: berth\r\n\r";
      for (int request = 1; request <= 2; request++) {
        dribble(server, client, head);
        client.send("\n");
        assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("hello\n");
        awaitAge(server, SLOWLY.multipliedBy((long) request * head.length()));
      }
    }
  }

  @Test
  void aWrongLineInSuchAHeadIsRefusedAtOnce() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      dribble(server, client, "GET / HTTP/1.1\r\nHost");
      client.send(": x\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 400").contains("LF alone");
    }
  }

  @Test
  void oneThatHangsUpInTheMiddleOfSuchAHeadIsGone() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      dribble(server, client, "GET / HTTP");
      client.leave();
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.CLIENT));
      assertThat(server.limit().inUse()).isZero();
    }
  }

  @Test
  void aWrongFirstLineInSuchAHeadIsRefusedAtOnce() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      dribble(server, client, "GET / HTTP/9.9\r");
      client.send("\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 505");
    }
  }

  @Test
  void aHeadThatGrowsSlowlyBeyondItsBoundIsRefused() throws Exception {
    try (Server server =
            TestServers.builder()
                .handler(new Hello())
                .maxHeaderBytes(2_000)
                .nanoTime(time)
                .start();
        RawClient client = RawClient.connect(server)) {
      sendAndAwait(server, client, "GET / HTTP/1.1\r\nHost: x\r\n");
      for (int line = 0; line < 20; line++) {
        time.pass(SLOWLY);
        sendAndAwait(server, client, "X-%02d: %s\r\n".formatted(line, "y".repeat(91)));
      }
      time.pass(SLOWLY);
      client.send("X-20: " + "y".repeat(91) + "\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 431");
    }
  }

  // With the next request in the piece that ends it.
  @Test
  void aBodyThatNobodyWantsComesByteByByteAndTheNextRequestIsAnswered() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      sendAndAwait(server, client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n");
      dribble(server, client, "nobody read");
      client.send("sGET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("hello\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("hello\n");
    }
  }

  @Test
  void aChunkedBodyThatNobodyWantsComesByteByByteAndTheNextRequestIsAnswered() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      sendAndAwait(
          server, client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      dribble(server, client, "4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r");
      client.send("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("hello\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 OK").endsWith("hello\n");
    }
  }

  @Test
  void oneThatHangsUpInABodyThatNobodyWantsIsGone() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      sendAndAwait(server, client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n");
      dribble(server, client, "nobody");
      client.leave();
      await().until(() -> server.limit().inUse() == 0);
    }
  }

  @Test
  void aBodyThatComesByteByByteReachesItsHandler() throws Exception {
    try (Server server = server(new Echo());
        RawClient client = RawClient.connect(server)) {
      String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
      sendAndAwait(server, client, head);
      dribble(server, client, "hell");
      client.send("o");
      assertThat(client.readResponse()).endsWith("hello");
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }

  // The poller has both to wake, and only one of them is in no hurry.
  @Test
  void anAnswerGoesOnThoughTheRestOfItsQuestionIsWaitedForMeanwhile() throws Exception {
    List<Thread> waiting = new CopyOnWriteArrayList<>();
    Handler handler =
        (request, response) -> {
          response.header("Content-Length", String.valueOf(MORE_THAN_SOCKETS_HOLD));
          Thread reading = Thread.ofVirtual().start(() -> skipAll(request));
          waiting.add(reading);
          waiting.add(Thread.currentThread());
          response.stream().write(new byte[MORE_THAN_SOCKETS_HOLD]);
          reading.join();
        };
    try (Server server = server(handler);
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
      await()
          .until(() ->
              waiting.size() == 2
                  && waiting.stream()
                      .allMatch(thread -> thread.getState() == Thread.State.WAITING));
      time.pass(SLOWLY);
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
      assertThat(client.readBytes(MORE_THAN_SOCKETS_HOLD)).hasSize(MORE_THAN_SOCKETS_HOLD);
      client.send("b");
    }
  }

  private static void skipAll(Request request) {
    try {
      request.body().skipNBytes(2);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  // Which do with little memory each, being more than exchanges are kept for.
  @Test
  void manyBodiesThatComeSlowlyReachTheirHandlersWithTheirHeads() throws Exception {
    String half = "half a word, ".repeat(50);
    try (Server server = server(SlowClientsIT::sayWhoSaidWhat);
        Crowd crowd = new Crowd(new ArrayList<>())) {
      for (int one = 0; one < MANY; one++) {
        RawClient client = RawClient.connect(server);
        crowd.clients.add(client);
        String fields = "Host: x\r\nWho: " + name(one) + "\r\nContent-Length: 1300\r\n\r\n";
        sendAndAwait(server, client, "POST / HTTP/1.1\r\n" + fields);
      }
      for (RawClient client : crowd.clients) {
        sendAndAwait(server, client, half);
      }
      for (int one = 0; one < MANY; one++) {
        String answer = crowd.clients.get(one).send(half).readResponse();
        assertThat(answer).endsWith(name(one) + " said " + half + half);
      }
    }
  }

  /** Clients that leave before the server waits for them to. */
  private record Crowd(List<RawClient> clients) implements AutoCloseable {
    @Override
    public void close() {
      clients.forEach(RawClient::close);
    }
  }

  private static String name(int client) {
    return "client-" + client;
  }

  private static void sayWhoSaidWhat(Request request, Response response) throws IOException {
    // By a buffer that is smaller than what comes, and by one that is larger.
    byte[] first = request.body().readNBytes(100);
    String rest = new String(request.body().readAllBytes(), StandardCharsets.US_ASCII);
    String who = request.header("Who").orElseThrow();
    response.text(who + " said " + new String(first, StandardCharsets.US_ASCII) + rest);
  }
}
