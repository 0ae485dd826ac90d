package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.handler.Handler;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are served, and the bytes of their answers. */
final class AnswersTest {
  private static final Handler TELL =
      (request, response) ->
          response.text(
              request.method()
                  + " "
                  + request.path()
                  + " "
                  + request.query().orElse("-")
                  + " ["
                  + new String(request.body().readAllBytes(), StandardCharsets.US_ASCII)
                  + "]");

  private static String wire(String textBlock) {
    return textBlock.replace("\n", "\r\n");
  }

  private static String answer(Handler handler, String textBlock) throws Exception {
    return Conversation.of(handler, wire(textBlock)).answer();
  }

  @Test
  void answersWithDateAndLength() throws Exception {
    assertThat(answer(TELL, "GET /a%20b?c=d?e HTTP/1.1\nHost: berth\n\n"))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 200 OK
                Date: Thu, 01 Jan 2026 00:00:00 GMT
                Content-Type: text/plain; charset=utf-8
                Content-Length: 19

                GET /a%20b c=d?e []\
                """));
  }

  @Test
  void answersPipelinedRequestsInOneWrite() throws Exception {
    Conversation conversation =
        Conversation.of(
            TELL,
            wire(
                """
                GET /1 HTTP/1.1
                Host: berth

                POST /2 HTTP/1.1
                Host: berth
                Content-Length: 3

                abcGET /3 HTTP/1.1
                Host: berth

                """));

    assertThat(conversation.answer())
        .containsSubsequence("GET /1 - []", "POST /2 - [abc]", "GET /3 - []");
    assertThat(conversation.writes()).isEqualTo(1);
  }

  @Test
  void takesChunksWithExtensionsAndTrailers() throws Exception {
    assertThat(
            answer(
                TELL,
                """
                POST / HTTP/1.1
                Host: berth
                Transfer-Encoding: Chunked

                5;name="value"
                hello
                00a
                , and more
                0
                Checksum: none

                GET /next HTTP/1.1
                Host: berth

                """))
        .contains("POST / - [hello, and more]")
        .contains("GET /next - []");
  }

  @Test
  void leavesTheContentOutForHead() throws Exception {
    assertThat(answer(TELL, "HEAD / HTTP/1.1\nHost: berth\n\nGET /2 HTTP/1.1\nHost: berth\n\n"))
        .startsWith(
            wire(
                """
                HTTP/1.1 200 OK
                Date: Thu, 01 Jan 2026 00:00:00 GMT
                Content-Type: text/plain; charset=utf-8
                Content-Length: 11

                HTTP/1.1 200 OK
                """));
  }

  @Test
  void closesAfterHttp10() throws Exception {
    assertThat(answer(TELL, "GET / HTTP/1.0\n\nGET /2 HTTP/1.0\n\n"))
        .contains("Connection: close")
        .doesNotContain("/2");
  }

  @Test
  void keepsAnHttp10ConnectionIfAsked() throws Exception {
    assertThat(answer(TELL, "GET / HTTP/1.0\nConnection: Keep-Alive\n\nGET /2 HTTP/1.0\n\n"))
        .contains("Connection: keep-alive")
        .contains("/2");
  }

  @Test
  void closesIfAsked() throws Exception {
    assertThat(
            answer(
                TELL,
                "GET / HTTP/1.1\nHost: x\nConnection: te, Close\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("Connection: close")
        .doesNotContain("/2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://other:80/p?q", "HTTP://other/p?q", "https://[::1]:443/p?q"})
  void takesAnAbsoluteTarget(String target) throws Exception {
    assertThat(answer(TELL, "GET " + target + " HTTP/1.1\nHost: x\n\n")).contains("GET /p q []");
  }

  @Test
  void readsTheRootOfAnAbsoluteTargetWithoutPath() throws Exception {
    assertThat(answer(TELL, "GET http://other?q HTTP/1.1\nHost: x\n\n")).contains("GET / q []");
  }

  @Test
  void takesOptionsOfTheServer() throws Exception {
    assertThat(answer(TELL, "OPTIONS * HTTP/1.1\nHost: x\n\n")).contains("OPTIONS * - []");
  }

  @Test
  void forgivesOneEmptyLineBeforeARequest() throws Exception {
    assertThat(answer(TELL, "\nGET / HTTP/1.1\nHost: x\n\n")).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void takesALaterMinorVersionAsItsOwn() throws Exception {
    assertThat(answer(TELL, "GET / HTTP/1.7\nHost: x\n\n")).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void tellsTheClientToContinueWhenTheHandlerReads() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";

    assertThat(Conversation.of(TELL, List.of(head, "abc")).answer())
        .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [abc]");
  }

  @Test
  void closesWhenTheClientWasNeverToldToContinue() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";

    assertThat(Conversation.of((request, response) -> response.text("no"), head).answer())
        .startsWith("HTTP/1.1 200 OK")
        .contains("Connection: close");
  }

  @Test
  void readsPastABodyThatTheHandlerLeft() throws Exception {
    assertThat(
            Conversation.of(
                    (request, response) -> response.text(request.path()),
                    List.of(
                        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n",
                        "x".repeat(20_000) + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"))
                .answer())
        .contains("/1")
        .contains("/2");
  }

  @Test
  void closesRatherThanReadPastALongBody() throws Exception {
    assertThat(
            answer(
                (request, response) -> response.text(request.path()),
                "POST /1 HTTP/1.1\nHost: x\nContent-Length: 999999999\n\n"))
        .contains("Connection: close");
  }

  @Test
  void streamsShortContentWithALength() throws Exception {
    assertThat(
            answer(
                (request, response) -> {
                  try (OutputStream out = response.stream()) {
                    out.write("short".getBytes(StandardCharsets.US_ASCII));
                  }
                },
                "GET / HTTP/1.1\nHost: x\n\n"))
        .endsWith(wire("Content-Length: 5\n\nshort"));
  }

  @Test
  void streamsInChunksWhatIsFlushed() throws Exception {
    assertThat(
            answer(
                (request, response) -> {
                  OutputStream out = response.stream();
                  out.write("first".getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                  out.write("and the second".getBytes(StandardCharsets.US_ASCII));
                },
                "GET / HTTP/1.1\nHost: x\n\n"))
        .endsWith(wire("Transfer-Encoding: chunked\n\n5\nfirst\ne\nand the second\n0\n\n"));
  }

  @Test
  void streamsToHttp10UntilTheClose() throws Exception {
    assertThat(
            answer(
                (request, response) -> {
                  OutputStream out = response.stream();
                  out.write("first".getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                },
                "GET / HTTP/1.0\nConnection: keep-alive\n\n"))
        .doesNotContain("Content-Length")
        .endsWith(wire("Connection: close\n\nfirst"));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void sendsNoContentWithAStatusThatHasNone(int status) throws Exception {
    assertThat(
            answer((request, response) -> response.status(status), "GET / HTTP/1.1\nHost: x\n\n"))
        .startsWith("HTTP/1.1 " + status)
        .doesNotContain("Content-Length")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\u010db"})
  void refusesToSplitAHead(String value) {
    assertThatThrownBy(() ->
            answer(
                (request, response) -> response.header("A", value), "GET / HTTP/1.1\nHost: x\n\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the value of A can't be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\n", "Transfer-Encoding", "upgrade"})
  void refusesAFieldNamed(String name) {
    assertThatThrownBy(() ->
            answer(
                (request, response) -> response.header(name, "v"), "GET / HTTP/1.1\nHost: x\n\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
