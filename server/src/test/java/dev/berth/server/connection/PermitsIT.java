package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Router;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a connection ends, its permit comes back once, and the reason is told. */
final class PermitsIT {
  private static final Handler ROUTES =
      Router.builder()
          .get("/", (request, response) -> response.text("hello"))
          .post("/", (request, response) -> response.body(request.body().readAllBytes()))
          .get(
              "/fails",
              (request, response) -> {
                throw new IllegalStateException("as it should");
              })
          .get(
              "/fails-late",
              (request, response) -> {
                response.stream().write(new byte[100_000]);
                throw new IllegalStateException("as it should");
              })
          .get(
              "/upgrade",
              (request, response) ->
                  response.upgrade(
                      "chat",
                      (in, out) -> {
                        out.write("welcome ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                        in.transferTo(out);
                      }))
          .build();

  private final Ends ends = new Ends();

  private Server server() throws Exception {
    return TestServers.builder().handler(ROUTES).events(ends).start();
  }

  /** What a client does before it goes away. */
  interface Behaviour {
    void act(RawClient client) throws Exception;
  }

  static Stream<Arguments> behaviours() {
    return Stream.of(
        does("connects and leaves", CloseReason.CLIENT, client -> {}),
        does("asks and leaves", CloseReason.CLIENT, client -> client.get("/").readResponse()),
        does(
            "asks for the close",
            CloseReason.CLIENT,
            client ->
                client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").readAll()),
        does("leaves in mid-head", CloseReason.CLIENT, client -> client.send("GET / HT")),
        does(
            "half-closes in mid-head",
            CloseReason.CLIENT,
            client -> client.send("GET / HT").halfClose().readAll()),
        does(
            "sends garbage",
            CloseReason.PROTOCOL_ERROR,
            client -> client.send("\u0016\u0003\u0001").readAll()),
        does(
            "ends its body early",
            CloseReason.PROTOCOL_ERROR,
            client ->
                client
                    .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
                    .halfClose()
                    .readAll()),
        does(
            "makes the handler fail late",
            CloseReason.HANDLER_ERROR,
            client -> client.get("/fails-late").readUntil("never")),
        does(
            "half-closes after asking",
            CloseReason.CLIENT,
            client -> assertThat(client.get("/").halfClose().readAll()).endsWith("hello")));
  }

  private static Arguments does(String what, CloseReason reason, Behaviour behaviour) {
    return Arguments.of(what, reason, behaviour);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("behaviours")
  void aClientThat(String what, CloseReason reason, Behaviour behaviour) throws Exception {
    try (Server server = server()) {
      try (RawClient client = RawClient.connect(server)) {
        try {
          behaviour.act(client);
        } catch (java.net.SocketException reset) {
          assertThat(reason).isEqualTo(CloseReason.HANDLER_ERROR);
        }
      }
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
      assertThat(server.limit().inUse()).isZero();
      assertThat(server.requests().inUse()).isZero();
      assertThat(server.connections().count()).isZero();
    }
  }

  @Test
  void aCrowdThatVanishesLeavesNothingBehind() throws Exception {
    List<String> beginnings =
        List.of(
            "",
            "GET",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na",
            "\0");
    try (Server server = server()) {
      for (int round = 0; round < 40; round++) {
        for (String beginning : beginnings) {
          RawClient client = RawClient.connect(server);
          client.send(beginning);
          client.reset();
        }
      }
      await().untilAsserted(() -> assertThat(ends.closed()).hasSize(200));
      assertThat(server.limit().inUse()).isZero();
      assertThat(server.requests().inUse()).isZero();
      assertThat(server.connections().count()).isZero();
    }
  }

  @Test
  void aHandlerThatFailsAnswers500AndTheConnectionStays() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/fails").readResponse()).startsWith("HTTP/1.1 500 ");
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void anUpgradedConnectionCountsAsHijackedUntilItEnds() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.send(
          "GET /upgrade HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\nearly ");
      assertThat(client.readUntil("welcome early "))
          .isEqualTo(
              RawClient.wire(
                      """
                      HTTP/1.1 101 Switching Protocols
                      Connection: Upgrade
                      Upgrade: chat

                      """)
                  + "welcome early ");
      // While it writes it is active
      await().until(() -> server.connections().census().hijacked() == 1);
      assertThat(client.send("more").readUntil("more")).isEqualTo("more");
      client.halfClose();
      assertThat(client.readAll()).isEmpty();
      await().untilAsserted(() -> assertThat(server.limit().inUse()).isZero());
    }
  }

  @Test
  void anUnaskedUpgradeIsRefused() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/upgrade").readResponse()).startsWith("HTTP/1.1 500 ");
    }
  }

  @Test
  void manyHeadsInPiecesAreServed() throws Exception {
    RawClient[] clients = new RawClient[300];
    try (Server server = server()) {
      for (int client = 0; client < clients.length; client++) {
        clients[client] = RawClient.connect(server).send("GET / HTTP/1.1\r\nHo");
      }
      await().until(() -> server.connections().census().active() == clients.length);
      for (RawClient client : clients) {
        client.send("st: x\r\n\r\n");
      }
      for (RawClient client : clients) {
        assertThat(client.readResponse()).endsWith("hello");
      }
      Arrays.asList(clients).forEach(RawClient::close);
    }
  }
}
