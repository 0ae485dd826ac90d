package dev.berth.server.connection;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Echo;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Hello;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Connections that end, and the answers that must arrive before they do (RFC 9112, 9.6). */
final class TeardownIT {
  private static Server server(Handler handler) throws IOException {
    return TestServers.builder().handler(handler).start();
  }

  @Test
  void closesAfterAnsweringARequestWithClose() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send(
          wire(
              """
              GET / HTTP/1.1
              Host: x
              Connection: close

              GET / HTTP/1.1
              Host: x

              """));

      assertThat(client.readAll())
          .contains("\r\nConnection: close\r\n")
          .endsWith("\r\n\r\nhello\n")
          .containsOnlyOnce("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aRefusalReachesAClientThatSendsOn() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nBad : x\r\n\r\n" + "more ".repeat(100_000));

      assertThat(client.readAll())
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .endsWith("there is whitespace between a field's name and its colon\n");
    }
  }

  @Test
  void aRefusalOfABodyReachesAClientThatSendsOn() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;\r\nhello\r\n0\r\n\r\n"
              + "more ".repeat(100_000));

      assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n").endsWith("place\n");
    }
  }

  @Test
  void anAnswerReachesAClientThatSendsOnAfterClose() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send(
          "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + "more ".repeat(100_000));

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello\n");
    }
  }

  @Test
  void anAnswerReachesAClientThatHasEndedItsSide() throws Exception {
    try (Server server = server(new Echo());
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello").halfClose();

      assertThat(client.readAll()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
    }
  }

  @Test
  void answersReachAClientThatHasEndedItsSideAfterSeveralRequests() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.get("/1").get("/2").get("/3").halfClose();

      assertThat(client.readAll().split("hello\n", -1)).hasSize(4);
    }
  }

  @Test
  void aBodyThatTheClientEndsTooSoonIsRefused() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello").halfClose();

      assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }

  @Test
  void aStopEndsWhatIsOpenAlsoOnAThreadThatIsInterrupted() throws Exception {
    Server server = server(new Hello());
    try (RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      Thread.currentThread().interrupt();
      server.stop();
      assertThat(Thread.interrupted()).isTrue();
      assertThatThrownBy(client::readAll).hasMessageContaining("reset");
      assertThat(server.broken()).isFalse();
    } finally {
      server.stop();
    }
  }

  @Test
  void aBadRequestLineIsRefusedBeforeItsFieldsCome() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      client.send("GET /\r\n");

      assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }
}
