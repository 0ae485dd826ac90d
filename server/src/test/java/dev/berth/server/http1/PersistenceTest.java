package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections go on, and in which order they are served (RFC 9112, 9.3 and 9.6). */
final class PersistenceTest {
  private static final String SECOND = "GET /2 HTTP/1.1\nHost: x\n\n";

  private static String first(String fields) {
    return "GET /1 HTTP/1.1\nHost: x\n" + fields + "\n" + SECOND;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Connection: keep-alive\n",
        "Connection:\n",
        "Connection: ,\n",
        "Connection: te, upgrade\n",
        "Connection: closed\n",
        "Connection: not-close\n",
        "Connection: \"close\"\n",
        "Proxy-Connection: close\n",
        "Keep-Alive: timeout=0\n"
      })
  void persistsUnlessToldToClose(String fields) throws Exception {
    assertThat(told(first(fields))).contains("GET /2").doesNotContain("Connection:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close\n",
        "connection:CLOSE\n",
        "Connection: te, Close\n",
        "Connection: close, keep-alive\n",
        "Connection: keep-alive,close\n",
        "Connection: ,, close ,\n",
        "Connection: keep-alive\nConnection: close\n",
        "Connection: close\nConnection: keep-alive\n"
      })
  void closesIfAsked(String fields) throws Exception {
    assertThat(told(first(fields))).contains("Connection: close").doesNotContain("/2");
  }

  @Test
  void closesIfTheHandlerSaysSo() throws Exception {
    assertThat(
            Conversation.of(
                    (request, response) ->
                        response.header("Connection", "close").text(request.path()),
                    wire(first("")))
                .answer())
        .contains("Connection: close")
        .doesNotContain("/2");
  }

  @Test
  void closesAfterHttp10() throws Exception {
    assertThat(told("GET / HTTP/1.0\n\nGET /2 HTTP/1.0\n\n"))
        .contains("Connection: close")
        .doesNotContain("/2");
  }

  @Test
  void keepsAnHttp10ConnectionIfAsked() throws Exception {
    assertThat(told("GET / HTTP/1.0\nConnection: Keep-Alive\n\nGET /2 HTTP/1.0\n\n"))
        .contains("Connection: keep-alive")
        .contains("/2");
  }

  @Test
  void closesAnHttp10ConnectionThatAsksForBoth() throws Exception {
    assertThat(told("GET / HTTP/1.0\nConnection: keep-alive, close\n\nGET /2 HTTP/1.0\n\n"))
        .contains("Connection: close")
        .doesNotContain("/2");
  }

  @Test
  void readsContentOfHttp10ByItsLength() throws Exception {
    assertThat(told("POST / HTTP/1.0\nContent-Length: 3\n\nabc")).contains("POST / - [abc]");
  }
}
