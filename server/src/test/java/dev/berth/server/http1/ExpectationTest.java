package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask before they send their content (RFC 9110, 10.1.1 and 15.2.1). */
final class ExpectationTest {
  private static final String GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

  private static String post(String fields) {
    return wire("POST / HTTP/1.1\nHost: x\n" + fields + "\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Expect: 100-continue",
        "Expect: 100-CONTINUE",
        "expect:100-Continue ",
        "Expect: 100-continue, 100-continue",
        "Expect: , 100-continue,",
        "Expect: 100-continue\nExpect: 100-continue"
      })
  void areToldToContinueWhenTheHandlerReads(String fields) throws Exception {
    String head = post(fields + "\nContent-Length: 3");

    Conversation conversation = Conversation.of(TELL, List.of(head, "abc"));
    assertThat(conversation.answerBeforeLastPiece()).isEqualTo(GO_ON);
    assertThat(conversation.answer())
        .startsWith(GO_ON + "HTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [abc]")
        .containsOnlyOnce("100 Continue");
  }

  @Test
  void areToldToContinueBeforeTheirChunks() throws Exception {
    String head = post("Expect: 100-continue\nTransfer-Encoding: chunked");

    Conversation conversation = Conversation.of(TELL, List.of(head, wire("1\na\n0\n\n")));
    assertThat(conversation.answerBeforeLastPiece()).isEqualTo(GO_ON);
    assertThat(conversation.answer())
        .startsWith(GO_ON + "HTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [a]");
  }

  @Test
  void areStillRefusedOnceToldToContinue() throws Exception {
    String head = post("Expect: 100-continue\nTransfer-Encoding: chunked");

    assertThat(Conversation.of(TELL, List.of(head, wire("no size\n"))).answer())
        .startsWith(GO_ON + "HTTP/1.1 400 Bad Request\r\n");
  }

  @Test
  void areNotToldOnceTheirContentComes() throws Exception {
    String head = post("Expect: 100-continue\nContent-Length: 3");

    assertThat(Conversation.of(TELL, List.of(head + "a", "bc")).answer())
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [abc]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Expect: 100-continue", "Expect: 100-continue\nContent-Length: 0"})
  void areNotToldWithoutContentToSend(String fields) throws Exception {
    assertThat(Conversation.of(TELL, post(fields)).answer()).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void areNotToldOverHttp10() throws Exception {
    String head = wire("POST / HTTP/1.0\nExpect: 100-continue\nContent-Length: 3\n\n");

    assertThat(Conversation.of(TELL, List.of(head, "abc")).answer())
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [abc]");
  }

  @Test
  void areNotToldByAHandlerThatAnswersWithoutReading() throws Exception {
    String head = post("Expect: 100-continue\nContent-Length: 3");

    assertThat(Conversation.of((request, response) -> response.text("no"), head).answer())
        .startsWith("HTTP/1.1 200 OK")
        .contains("Connection: close");
  }

  @Test
  void areNotToldAfterTheFinalStatus() throws Exception {
    Handler early =
        (request, response) -> {
          response.status(413).stream().flush();
          request.body().readAllBytes();
        };
    String head = post("Expect: 100-continue\nContent-Length: 3");

    assertThat(Conversation.of(early, List.of(head, "abc")).answer())
        .startsWith("HTTP/1.1 413 ")
        .contains("Connection: close")
        .doesNotContain("100 Continue");
  }

  @Test
  void goOnWithTheConnectionAfterwards() throws Exception {
    String head = post("Expect: 100-continue\nContent-Length: 3");

    assertThat(
            Conversation.of(TELL, List.of(head, wire("abcGET /2 HTTP/1.1\nHost: x\n\n"))).answer())
        .containsSubsequence(GO_ON, "POST / - [abc]", "GET /2 - []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200-ok",
        "100-continue, more",
        "100",
        "100-continue;a=b",
        "more, 100-continue",
        "\"100-continue\""
      })
  void areRefusedIfTheyExpectAnythingElse(String expectation) throws Exception {
    assertRefused(
        417,
        "100-continue",
        "POST / HTTP/1.1\nHost: x\nExpect: " + expectation + "\nContent-Length: 1\n\n");
  }

  @Test
  void areRefusedForTheirFormRatherThanToldToContinue() throws Exception {
    assertRefused(
        400,
        "both",
        "POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 1\nTransfer-Encoding: chunked\n\n");
  }

  @Test
  void mayBeAnythingInHttp10() throws Exception {
    assertThat(told("POST / HTTP/1.0\nExpect: foo\nContent-Length: 1\n\na"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("POST / - [a]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Expect:", "Expect: ,"})
  void mayExpectNothing(String field) throws Exception {
    assertThat(told("GET / HTTP/1.1\nHost: x\n" + field + "\n\n")).contains("GET / - []");
  }

  @Test
  void areToldBeforeAnUpgrade() throws Exception {
    Handler upgrading =
        (request, response) -> {
          request.body().readAllBytes();
          response.upgrade("echo", (in, out) -> {});
        };
    String head =
        post("Connection: upgrade\nUpgrade: echo\nExpect: 100-continue\nContent-Length: 3");

    assertThat(Conversation.of(upgrading, List.of(head, "abc")).answer())
        .startsWith(GO_ON + "HTTP/1.1 101 Switching Protocols\r\n");
  }

  @Test
  void areToldBeforeAnUpgradeThatDoesNotReadTheirContent() throws Exception {
    Handler upgrading = (request, response) -> response.upgrade("echo", (in, out) -> {});
    String head =
        post("Connection: upgrade\nUpgrade: echo\nExpect: 100-continue\nContent-Length: 3");

    assertThat(Conversation.of(upgrading, List.of(head, "abc")).answer())
        .startsWith(GO_ON + "HTTP/1.1 101 Switching Protocols\r\n");
  }

  @Test
  void areNotNeededForContent() throws Exception {
    assertThat(answered(TELL, "POST / HTTP/1.1\nHost: x\nContent-Length: 1\n\na"))
        .startsWith("HTTP/1.1 200 OK\r\n");
  }

  @ParameterizedTest(name = "and sent meanwhile: {0}")
  @ValueSource(booleans = {false, true})
  void areToldByAnotherThreadBeforeWhatIsAnsweredMeanwhile(boolean sends) throws Exception {
    CountDownLatch saying = new CountDownLatch(1);
    CountDownLatch said = new CountDownLatch(1);
    Thread owner = Thread.currentThread();
    Handler readsElsewhere =
        (request, response) -> {
          Thread reader = Thread.ofVirtual().start(() -> readAll(request));
          saying.await();
          response.text("ok");
          if (sends) {
            Thread.ofVirtual()
                .start(() -> {
                  await().until(() -> owner.getState() == Thread.State.WAITING);
                  said.countDown();
                });
            response.end();
          } else {
            said.countDown();
          }
          reader.join();
        };
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    Wire slow =
        new Wire() {
          @Override
          public int read(ByteBuffer into) {
            into.put((byte) 'a');
            return 1;
          }

          @Override
          public void write(ByteBuffer from) throws IOException {
            if (Thread.currentThread() != owner) {
              saying.countDown();
              awaitOrFail(said);
            }
            while (from.hasRemaining()) {
              sent.write(from.get());
            }
          }

          @Override
          public boolean endsAfterThis() {
            return false;
          }
        };

    Exchange exchange =
        new Exchange(4096, LargeHeads.UNBOUNDED, new HttpDate(InstantSource.system()));
    exchange.lend(slow, InetSocketAddress.createUnresolved("client", 1));
    exchange.put(
        StandardCharsets.ISO_8859_1.encode(
            wire("GET / HTTP/1.1\nHost: x\n\n") + post("Expect: 100-continue\nContent-Length: 3")));
    assertThat(exchange.parse()).isTrue();
    exchange.answer((request, response) -> response.text("first"));
    exchange.complete();
    exchange.next();
    assertThat(exchange.parse()).isTrue();
    exchange.answer(readsElsewhere);
    exchange.complete();
    exchange.flush();

    assertThat(sent.toString(StandardCharsets.ISO_8859_1))
        .contains("\r\n\r\nfirst" + GO_ON + "HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nok");
  }

  private static void readAll(Request request) {
    try {
      request.body().readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void awaitOrFail(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException end) {
      throw new IOException(end);
    }
  }
}
