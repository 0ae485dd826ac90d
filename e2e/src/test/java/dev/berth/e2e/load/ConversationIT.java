package dev.berth.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way a server may end a connection, shown by its bytes, and what the client calls it. */
class ConversationIT {
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private final Tally tally = new Tally();
  private ServerSocket listener = unbound();

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  @Test
  void aCloseAnnouncedInAWholeResponseIsGraceful() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    });
    assertThat(converse()).isEqualTo(new Ending.Graceful());
    assertThat(tally.counts().served()).isEqualTo(1);
    assertThat(tally.counts().open()).isZero();
  }

  @Test
  void anEndBetweenTwoRequestsIsGraceful() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, HELLO);
      request(socket);
      send(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    });
    assertThat(converse()).isEqualTo(new Ending.Graceful());
    assertThat(tally.counts().served()).isEqualTo(2);
  }

  @Test
  void aWhole503IsARefusal() throws IOException {
    serve(socket -> {
      request(socket);
      send(
          socket,
          "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 4\r\n"
              + "Connection: close\r\n\r\nfull");
    });
    assertThat(converse()).isEqualTo(new Ending.Refused());
    assertThat(tally.counts().served()).isZero();
  }

  @Test
  void a503CutShortIsBroken() throws IOException {
    serve(socket -> {
      request(socket);
      send(
          socket,
          "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 4\r\n"
              + "Connection: close\r\n\r\nfu");
    });
    assertThat(converse()).isInstanceOf(Ending.Broken.class);
  }

  @Test
  void anEndWithinAResponseIsBroken() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    });
    assertThat(converse()).isInstanceOf(Ending.Broken.class);
  }

  @Test
  void anEndBeforeTheAnswerIsBroken() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, HELLO);
      request(socket);
    });
    assertThat(converse())
        .isEqualTo(
            new Ending.Broken(
                "after 1 answers: it ended before the answer to a request was whole"));
    assertThat(tally.counts().open()).isZero();
  }

  @Test
  void aResetIsBroken() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, HELLO);
      socket.setSoLinger(true, 0);
    });
    assertThat(converse()).isInstanceOf(Ending.Broken.class);
  }

  @Test
  void anErrorIsBroken() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    });
    assertThat(converse()).isInstanceOf(Ending.Broken.class);
  }

  @Test
  void nobodyListeningIsUnreachable() throws IOException {
    listener.close();
    assertThat(converse()).isInstanceOf(Ending.Unreachable.class);
  }

  @Test
  void aClientWithEnoughEndsItItself() throws IOException {
    serve(socket -> {
      request(socket);
      send(socket, HELLO);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    });
    var conversation = new Conversation(address(), tally, () -> Duration.ZERO, () -> true);
    assertThat(conversation.run()).isEqualTo(new Ending.Ours());
  }

  @Test
  void countsSurviveTheirText() {
    tally.opened();
    tally.served();
    tally.ended(new Ending.Broken("after 1 answers: a reset"));
    assertThat(Counts.parse(tally.counts().text())).isEqualTo(tally.counts());
  }

  /** Asks again right after the first answer, and after that only when a minute has passed. */
  private Ending converse() {
    var pauses = List.of(Duration.ofMillis(1), Duration.ofMinutes(1)).iterator();
    return new Conversation(address(), tally, pauses::next, () -> false).run();
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** Treats the next connection as {@code script} says, then closes it. */
  private void serve(Script script) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = listener.accept()) {
            script.run(socket);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void request(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
  }

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the server does with a connection before it closes it. */
  private interface Script {
    void run(Socket socket) throws IOException;
  }
}
