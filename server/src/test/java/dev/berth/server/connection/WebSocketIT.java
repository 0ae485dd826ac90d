package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.websocket.Conversation;
import dev.berth.server.websocket.Frames;
import dev.berth.server.websocket.Message;
import dev.berth.server.websocket.WebSocket;
import dev.berth.server.websocket.WebSockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** A WebSocket as one connection of a server: how it is counted, kept and ended. */
final class WebSocketIT {
  private static final String ASKED =
      RawClient.wire(
          """
          GET / HTTP/1.1
          Host: x
          Connection: Upgrade
          Upgrade: websocket
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Version: 13

          """);
  private static final String GOODBYE = "\u0088!\u0003\u00e9the server ends this connection";
  private static final String NORMAL = "\u0088\u0002\u0003\u00e8";
  private static final String PING = "\u0089\u0000";

  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();

  private static Conversation echo() {
    return socket -> {
      while (socket.receive() instanceof Message.Text(String text)) {
        socket.send(text);
      }
    };
  }

  private Server.Builder builder(Conversation conversation) {
    return TestServers.builder()
        .handler(WebSockets.DEFAULT.handler(conversation))
        .nanoTime(time)
        .events(ends);
  }

  private static RawClient open(Server server) throws IOException {
    RawClient client = RawClient.connect(server);
    assertThat(client.send(ASKED).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
    return client;
  }

  private static String frame(int first, String payload) {
    return new String(Frames.masked(first, payload), StandardCharsets.ISO_8859_1);
  }

  private static String close(int code) {
    byte[] body = {(byte) (code >>> 8), (byte) code};
    return new String(Frames.masked(0x88, body), StandardCharsets.ISO_8859_1);
  }

  private static void echoes(RawClient client) throws IOException {
    assertThat(client.send(frame(0x81, "hey")).readUntil("hey")).isEqualTo("\u0081\u0003hey");
  }

  private void endsWith(CloseReason reason, Server server) {
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
    assertThat(server.limit().inUse()).isZero();
  }

  /** Lets time pass, and the sweeper notice it. */
  private void pass(Server server, Duration duration) {
    time.pass(duration);
    Duration passed = Duration.ofNanos(time.getAsLong()).minusDays(1);
    await()
        .until(() ->
            server.connections().list(1).stream()
                .allMatch(first -> first.age().plusMillis(1).compareTo(passed) >= 0));
  }

  @Test
  void countsAsHijackedAndHoldsNothingOfTheRequestLimit() throws Exception {
    try (Server server = builder(echo()).requestLimit(1).start();
        RawClient first = open(server)) {
      // Its request ends just after its answer was sent.
      await().until(() -> server.requests().inUse() == 0);
      try (RawClient second = open(server)) {
        echoes(first);
        echoes(second);
        assertThat(server.connections().census().hijacked()).isEqualTo(2);
        assertThat(server.requests().inUse()).isZero();
        first.send(close(1000)).readAll();
        second.send(close(1000)).readAll();
      }
    }
  }

  @Test
  void endsWhenItsClientClosesIt() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      assertThat(client.send(close(1000)).readAll()).isEqualTo(NORMAL);
      client.leave();
      endsWith(CloseReason.CLIENT, server);
    }
  }

  @Test
  void takesWhatCameWithItsRequest() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = RawClient.connect(server)) {
      client.send(ASKED + frame(0x81, "early") + frame(0x81, "bird"));
      assertThat(client.readUntil("bird")).endsWith("\r\n\r\n\u0081\u0005early\u0081\u0004bird");
      client.send(close(1000)).readAll();
    }
  }

  @Test
  void isToldOfADrainAndEndsWithItsClientsAnswer() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      echoes(client);
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(client.readUntil("connection")).isEqualTo(GOODBYE);
      // What was on its way is heard, but can't be answered any more.
      client.send(frame(0x81, "late") + close(1001));
      assertThat(client.readAll()).isEmpty();
      client.leave();
      endsWith(CloseReason.DRAIN, server);
    }
  }

  @Test
  void endsInAnyCaseFiveSecondsAfterItsGoodbye() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      server.drain().begin(Drain.Cause.REQUEST);
      assertThat(client.readUntil("connection")).isEqualTo(GOODBYE);
      time.pass(Duration.ofSeconds(4));
      assertThat(server.limit().inUse()).isEqualTo(1);
      time.pass(Duration.ofSeconds(2));
      assertThat(client.readAll()).isEmpty();
      endsWith(CloseReason.DRAIN, server);
    }
  }

  @Test
  void isToldThatItIsTooOld() throws Exception {
    try (Server server =
            builder(echo())
                .timeouts(TestServers.PROMPT.withMaxConnectionAge(Duration.ofSeconds(20)))
                .start();
        RawClient client = open(server)) {
      time.pass(Duration.ofSeconds(23));
      assertThat(client.readUntil("connection")).isEqualTo(GOODBYE);
      assertThat(client.send(close(1001)).readAll()).isEmpty();
      client.leave();
      endsWith(CloseReason.AGE, server);
    }
  }

  @Test
  void isPingedWhenItsClientIsSilentAndStaysIfThatAnswers() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      for (int round = 0; round < 3; round++) {
        pass(server, Duration.ofSeconds(29));
        echoes(client);
        pass(server, Duration.ofSeconds(31));
        assertThat(client.readUntil(PING)).isEqualTo(PING);
        client.send(frame(0x8a, ""));
        echoes(client);
      }
      assertThat(ends.closed()).isEmpty();
      client.send(close(1000)).readAll();
    }
  }

  @Test
  void endsAsIdleWhenAPingIsNotAnswered() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      time.pass(Duration.ofSeconds(31));
      assertThat(client.readUntil(PING)).isEqualTo(PING);
      // Half of the timeout after the ping, and then the time for a goodbye.
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).containsExactly(CloseReason.IDLE);
          });
      assertThat(client.readAll()).isEqualTo(GOODBYE);
      assertThat(server.limit().inUse()).isZero();
    }
  }

  @Test
  void isNotLostWhileNobodyListens() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    Conversation deaf =
        socket -> {
          socket.receive();
          busy.await();
          echo().talk(socket);
        };
    try (Server server = builder(deaf).start();
        RawClient client = open(server)) {
      client.send(frame(0x81, "begin"));
      for (int count = 0; count < 10; count++) {
        pass(server, Duration.ofSeconds(20));
      }
      assertThat(ends.closed()).isEmpty();
      busy.countDown();
      echoes(client);
    }
  }

  @Test
  void isShedWhenItHasBeenSilentForLongest() throws Exception {
    try (Server server = builder(echo()).limit(ConnectionLimit.of(2)).start();
        RawClient silent = open(server);
        RawClient talking = open(server)) {
      echoes(silent);
      pass(server, Duration.ofSeconds(11));
      echoes(talking);
      server.limit().move(1);
      assertThat(silent.readUntil("connection")).isEqualTo(GOODBYE);
      silent.send(close(1001)).readAll();
      silent.leave();
      endsOnlyWith(CloseReason.SHED);
      server.limit().move(0);
      echoes(talking);
      talking.send(close(1000)).readAll();
    }
  }

  private void endsOnlyWith(CloseReason reason) {
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
  }

  @Test
  void tellsAClientThatBrokeTheProtocolThoughItSendsOn() throws Exception {
    try (Server server = builder(echo()).start();
        RawClient client = open(server)) {
      client.send("\u0081\u0005naked").send("x".repeat(100_000));
      assertThat(client.readAll())
          .startsWith("\u0088")
          .endsWith("\u0003\u00eaa client's frame has to be masked");
      client.leave();
      endsWith(CloseReason.PROTOCOL_ERROR, server);
    }
  }

  @Test
  void isClosedAsFailedWhenItsConversationThrows() throws Exception {
    try (Server server =
            builder(
                    socket -> {
                      socket.receive();
                      throw new IllegalStateException("on purpose");
                    })
                .start();
        RawClient client = open(server)) {
      assertThat(client.send(frame(0x81, "?")).readUntil("\u00f3"))
          .isEqualTo("\u0088\u0002\u0003\u00f3");
      assertThat(client.send(close(1011)).readAll()).isEmpty();
      client.leave();
      endsWith(CloseReason.HANDLER_ERROR, server);
    }
  }

  @Test
  void endsWithItsClientsConnection() throws Exception {
    try (Server server = builder(echo()).start()) {
      open(server).leave();
      endsWith(CloseReason.CLIENT, server);
    }
  }

  @Test
  void isSentToByAnyThreadFrameByFrame() throws Exception {
    BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();
    Conversation conversation =
        socket -> {
          opened.add(socket);
          socket.receive();
        };
    int senders = 8;
    int each = 50;
    try (Server server = builder(conversation).start();
        RawClient client = open(server)) {
      WebSocket socket = opened.take();
      List<Thread> threads = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        byte[] message = "%03d".formatted(sender).repeat(9_000).getBytes(StandardCharsets.UTF_8);
        threads.add(Thread.ofVirtual().start(() -> sendAll(socket, message, each)));
      }
      for (int frame = 0; frame < senders * each; frame++) {
        String bytes = new String(client.readBytes(27_004), StandardCharsets.ISO_8859_1);
        assertThat(bytes).startsWith("\u0082~ix");
        assertThat(bytes.substring(4)).isEqualTo(bytes.substring(4, 7).repeat(9_000));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      client.send(close(1000)).readAll();
    }
  }

  private static void sendAll(WebSocket socket, byte[] message, int times) {
    try {
      for (int time = 0; time < times; time++) {
        socket.send(message);
      }
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  @Test
  void isHijackedWhileItsClientDoesNotReadAndThenCut() throws Exception {
    Conversation endless =
        socket -> {
          while (true) {
            socket.send(new byte[60_000]);
          }
        };
    try (Server server = builder(endless).start();
        RawClient client = open(server)) {
      assertThat(client.readBytes(2)).isEqualTo(new byte[] {(byte) 0x82, 126});
      assertThat(server.connections().census().hijacked()).isEqualTo(1);
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).containsExactly(CloseReason.WRITE_TIMEOUT);
          });
      assertThat(server.limit().inUse()).isZero();
    }
  }
}
