package dev.berth.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import org.junit.jupiter.api.Test;

/** A handler's refusal on the wire. */
final class StatusExceptionIT {
  private static Server server(Handler handler) throws Exception {
    return TestServers.builder().handler(handler).start();
  }

  @Test
  void isTheAnswerAndTheConnectionGoesOn() throws Exception {
    Handler refuses =
        (request, response) -> {
          response.header("X-Taken-Back", "yes").stream().write(1);
          throw new StatusException(404, "no user 7");
        };
    try (Server server = server(refuses);
        RawClient client = RawClient.connect(server)) {
      String expected =
          RawClient.wire(
                      """
                      HTTP/1.1 404 Not Found
                      %s
                      Content-Type: text/plain; charset=utf-8
                      Content-Length: 10

                      """)
                  .formatted(TestServers.DATE)
              + "no user 7\n";
      assertThat(client.get("/").readResponse()).isEqualTo(expected);
      assertThat(client.get("/").readResponse()).isEqualTo(expected);
    }
  }

  @Test
  void cutsAnAnswerThatHasBegun() throws Exception {
    Handler refusesLate =
        (request, response) -> {
          response.stream().flush();
          throw new StatusException(404, "no user 7");
        };
    try (Server server = server(refusesLate);
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
      assertThatIOException().isThrownBy(client::readAll).withMessage("Connection reset");
    }
  }

  @Test
  void refusesContentBeyondItsBoundBeforeItIsSent() throws Exception {
    try (Server server = server((request, response) -> request.body(4).readAllBytes());
        RawClient client = RawClient.connect(server)) {
      client.send(
          RawClient.wire(
              """
              POST / HTTP/1.1
              Host: berth
              Content-Length: 5
              Expect: 100-continue

              """));
      assertThat(client.readResponse())
          .startsWith("HTTP/1.1 413 Content Too Large\r\n")
          .endsWith("the content may have 4 bytes at most\n");
    }
  }
}
