package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Echo;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Hello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handlers of the command line say to methods (RFC 9110, 9.1, 9.3 and 15.5.6). */
final class MethodsTest {
  private static final Handler HELLO = new Hello();

  private static String ask(String line) {
    return line + " HTTP/1.1\nHost: x\n\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /", "POST /", "GET /any?thing"})
  void helloGreets(String line) throws Exception {
    assertThat(answered(HELLO, ask(line)))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("\r\n\r\nhello\n");
  }

  @Test
  void helloAnswersHeadWithoutContent() throws Exception {
    assertThat(answered(HELLO, ask("HEAD /")))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("\r\nContent-Length: 6\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT /", "DELETE /", "PATCH /", "TRACE /"})
  void helloAllowsNoOther(String line) throws Exception {
    assertThat(answered(HELLO, ask(line)))
        .startsWith("HTTP/1.1 405 Method Not Allowed")
        .contains("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FOOBAR /", "get /", "Get /", "GETS /"})
  void helloImplementsNoMethodThatItHasNeverHeardOf(String line) throws Exception {
    assertThat(answered(HELLO, ask(line))).startsWith("HTTP/1.1 501 Not Implemented");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS /", "OPTIONS *"})
  void helloTellsItsOptions(String line) throws Exception {
    assertThat(answered(HELLO, ask(line)))
        .startsWith("HTTP/1.1 204 No Content")
        .contains("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n")
        .doesNotContain("Content-Length");
  }

  @Test
  void helloHearsTheBodyOut() throws Exception {
    assertThat(
            answered(
                HELLO,
                "POST / HTTP/1.1\nHost: x\nContent-Length: 3\n\nabcGET / HTTP/1.1\nHost: x\n\n"))
        .containsSubsequence("hello\n", "HTTP/1.1 200 OK");
  }

  @Test
  void helloDoesNotGreetABodyThatNeverCame() throws Exception {
    assertThat(answered(HELLO, "POST / HTTP/1.1\nHost: x\nContent-Length: 999999999\n\nabc"))
        .startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE /", "TRACE /"})
  void echoAllowsNoOther(String line) throws Exception {
    assertThat(answered(new Echo(), ask(line)))
        .startsWith("HTTP/1.1 405 Method Not Allowed")
        .contains("\r\nAllow: GET, HEAD, POST, PUT, PATCH, OPTIONS\r\n");
  }

  @Test
  void traceReflectsNothing() throws Exception {
    assertThat(
            answered(
                new Echo(),
                "TRACE / HTTP/1.1\nHost: x\nAuthorization: secret\nContent-Length: 1\n\na"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContain("secret");
  }
}
