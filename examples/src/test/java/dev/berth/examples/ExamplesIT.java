package dev.berth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.Server;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example, asked as its users would ask it. */
final class ExamplesIT {
  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest.Builder to(Server server, String path) {
    URI target = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(Server server, String path) throws Exception {
    return send(to(server, path));
  }

  private HttpResponse<String> post(Server server, String path, String content) throws Exception {
    return send(to(server, path).POST(BodyPublishers.ofString(content)));
  }

  @Test
  void helloGreets() throws Exception {
    Server server = Hello.start(0);
    try {
      assertThat(get(server, "/").body()).startsWith("hello, /127.0.0.1:");
    } finally {
      server.stop();
    }
  }

  @Test
  void usersAreAddedFoundAndRemoved() throws Exception {
    Server server = Users.start(0);
    try {
      HttpResponse<String> added = post(server, "/users", "{\"name\": \"Ada & Co\"}");
      assertThat(added.statusCode()).isEqualTo(201);
      assertThat(added.headers().firstValue("Location")).contains("/users/1");
      post(server, "/users", "{\"name\": \"Bob\"}");

      String ada = "{\"id\":1,\"name\":\"Ada & Co\"}";
      assertThat(get(server, "/users/1").body()).isEqualTo(ada);
      assertThat(get(server, "/users?name=Ada+%26+Co").body()).isEqualTo("[" + ada + "]");
      assertThat(get(server, "/users/3").statusCode()).isEqualTo(404);
      for (String nobody : List.of("Ada", "", "null", "{}", "{\"name\": null}")) {
        assertThat(post(server, "/users", nobody).statusCode()).as(nobody).isEqualTo(400);
      }
      assertThat(post(server, "/users", " ".repeat(70_000)).statusCode()).isEqualTo(413);

      assertThat(send(to(server, "/users/1").DELETE()).statusCode()).isEqualTo(204);
      assertThat(get(server, "/users/1").body()).isEqualTo("no user 1\n");
    } finally {
      server.stop();
    }
  }

  @Test
  void eventsReachAListenerAtOnceAndEndWithIt() throws Exception {
    try (Events events = Events.start(0)) {
      Server server = events.server();
      try (InputStream stream =
          client.send(to(server, "/events").build(), BodyHandlers.ofInputStream()).body()) {
        post(server, "/events", "one\ntwo");
        assertThat(read(stream, 21)).isEqualTo("data: one\ndata: two\n\n");
        post(server, "/events", "three");
        assertThat(read(stream, 13)).isEqualTo("data: three\n\n");
      }
      await().until(() -> events.listeners() == 0);
    }
  }

  private static String read(InputStream stream, int bytes) throws Exception {
    return new String(stream.readNBytes(bytes), StandardCharsets.UTF_8);
  }

  @Test
  void eventsEndWithTheirServer() throws Exception {
    Events events = Events.start(0);
    CompletableFuture<HttpResponse<String>> listening =
        client.sendAsync(to(events.server(), "/events").build(), BodyHandlers.ofString());
    await().until(() -> events.listeners() == 1);
    events.close();
    assertThat(listening.get().body()).isEmpty();
  }

  @Test
  void filesGoUpAndDown(@TempDir Path folder) throws Exception {
    Server server = FileStore.start(0, folder, 1_000_000);
    try {
      byte[] content = new byte[1_000_000];
      content[7] = 7;
      HttpRequest upload =
          to(server, "/files/a%20b").PUT(BodyPublishers.ofByteArray(content)).build();
      assertThat(client.send(upload, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
      HttpRequest download = to(server, "/files/a%20b").build();
      assertThat(client.send(download, BodyHandlers.ofByteArray()).body()).isEqualTo(content);
    } finally {
      server.stop();
    }
  }

  @Test
  void filesAreBoundedAndStayInTheirFolder(@TempDir Path parent) throws Exception {
    Files.writeString(parent.resolve("secret"), "secret");
    Path folder = Files.createDirectory(parent.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("link"), parent.resolve("secret"));
    Server server = FileStore.start(0, folder, 3);
    try {
      HttpRequest.Builder tooLong =
          to(server, "/files/a")
              .PUT(
                  BodyPublishers.ofInputStream(
                      () -> new java.io.ByteArrayInputStream(new byte[4])));
      assertThat(send(tooLong).statusCode()).isEqualTo(413);
      assertThat(get(server, "/files/..%2fsecret").statusCode()).isEqualTo(400);
      assertThat(get(server, "/files/link").statusCode()).isEqualTo(404);
      assertThat(send(to(server, "/files/x%2fy").PUT(BodyPublishers.ofString("x"))).statusCode())
          .isEqualTo(400);
      try (var files = Files.list(folder)) {
        assertThat(files).containsExactly(folder.resolve("link"));
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void aLongPollIsAnsweredWhenThereIsNews() throws Exception {
    Server server = LongPoll.start(0, Duration.ofSeconds(20));
    try {
      CompletableFuture<HttpResponse<String>> polling =
          client.sendAsync(to(server, "/messages/0").build(), BodyHandlers.ofString());
      post(server, "/messages", "news");
      assertThat(polling.get().body()).isEqualTo("news");
    } finally {
      server.stop();
    }
  }

  @Test
  void aLongPollEndsWithoutNews() throws Exception {
    Server server = LongPoll.start(0, Duration.ofMillis(1));
    try {
      assertThat(get(server, "/messages/0").statusCode()).isEqualTo(204);
    } finally {
      server.stop();
    }
  }

  @Test
  void filtersWrapAHandler() throws Exception {
    Server server = Filters.start(0);
    try {
      assertThat(get(server, "/").statusCode()).isEqualTo(403);
      HttpResponse<String> known = send(to(server, "/").header("Authorization", "Bearer secret"));
      assertThat(known.body()).isEqualTo("hello\n");
      assertThat(known.headers().firstValue("Cache-Control")).contains("no-store");
    } finally {
      server.stop();
    }
  }

  /** A member of the chat, and what it gets. */
  private WebSocket member(Server server, BlockingQueue<String> heard) {
    URI chat = URI.create("ws://127.0.0.1:" + server.address().getPort() + "/chat");
    return client.newWebSocketBuilder().buildAsync(chat, new Ear(heard)).join();
  }

  private record Ear(BlockingQueue<String> heard) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      heard.add(data.toString());
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add("closed " + code);
      return WebSocket.Listener.super.onClose(socket, code, reason);
    }
  }

  @Test
  void whatOneSaysInTheChatAllGetUntilItEnds() throws Exception {
    BlockingQueue<String> ada = new LinkedBlockingQueue<>();
    BlockingQueue<String> bob = new LinkedBlockingQueue<>();
    try (Server server = Chat.start(0)) {
      member(server, ada).sendText("first", true).join();
      assertThat(ada.take()).isEqualTo("first");
      member(server, bob).sendText("hello, Ada", true).join();
      assertThat(ada.take()).isEqualTo("hello, Ada");
      assertThat(bob.take()).isEqualTo("hello, Ada");
      member(server, new LinkedBlockingQueue<>()).sendText("x".repeat(1_001), true).join();
    }
    assertThat(ada.take()).isEqualTo("closed 1001");
    assertThat(bob.take()).isEqualTo("closed 1001");
  }

  @Test
  void aGovernedServerFollowsItsPodsAnnotationsAndTellsWhatItDoes(@TempDir Path folder)
      throws Exception {
    Path annotations = folder.resolve("annotations");
    Files.writeString(annotations, "berth.dev/limit=\"7\"\nberth.dev/generation=\"3\"\n");
    try (Governed governed = Governed.start(0, 0, annotations)) {
      assertThat(get(governed.server(), "/").body()).isEqualTo("hello\n");
      assertThat(get(governed.admin(), "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(governed.admin(), "/metrics").body().lines())
          .contains("berth_connection_limit 7.0", "berth_limit_generation 3.0")
          .anyMatch(line -> line.startsWith("berth_connections{state=\"idle\"}"))
          .anyMatch(line -> line.startsWith("berth_memory_live_bytes "));

      Files.writeString(annotations, "berth.dev/limit=\"9\"\nberth.dev/drain=\"true\"\n");
      await().until(() -> get(governed.admin(), "/readyz").statusCode() == 503);
      assertThat(governed.server().limit().limit()).isEqualTo(9);
    }
  }

  @Test
  void aSlowMemberOfTheChatKeepsNobodyWaitingAndIsTold() throws Exception {
    BlockingQueue<String> ada = new LinkedBlockingQueue<>();
    Server server = Chat.start(0);
    try (Socket slow = slowMember(server)) {
      WebSocket talker = member(server, ada);
      String much = "x".repeat(1_000);
      for (int time = 0; time < 5_000; time++) {
        talker.sendText(much, true).join();
        int left = much.length();
        while (left > 0) {
          String piece = ada.poll(5, TimeUnit.SECONDS);
          assertThat(piece).as("message %s", time).isNotNull();
          left -= piece.length();
        }
      }
      assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("too slow");
    } finally {
      server.stop();
    }
  }

  /** A member who has joined, and reads nothing for now. */
  private static Socket slowMember(Server server) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(20_000);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort()));
    String ask =
        """
        GET /chat HTTP/1.1
        Host: x
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """;
    socket.getOutputStream().write(ask.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(read(socket.getInputStream(), 12)).isEqualTo("HTTP/1.1 101");
    return socket;
  }

  @Test
  void aGracefulEndFinishesWhatHasBegun() throws Exception {
    CompletableFuture<HttpResponse<String>> slow;
    try (Server server = GracefulEnd.start(0, Duration.ofMillis(500), Duration.ZERO)) {
      slow = client.sendAsync(to(server, "/").build(), BodyHandlers.ofString());
      await().until(() -> server.connections().census().active() == 1);
    }
    assertThat(slow.get().body()).isEqualTo("done\n");
    assertThat(slow.get().headers().firstValue("Connection")).contains("close");
  }
}
