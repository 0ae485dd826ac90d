package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.util.List;
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

    assertThat(Conversation.of(TELL, List.of(head, "abc")).answer())
        .startsWith(GO_ON + "HTTP/1.1 200 OK\r\n")
        .endsWith("POST / - [abc]")
        .containsOnlyOnce("100 Continue");
  }

  @Test
  void areToldToContinueBeforeTheirChunks() throws Exception {
    String head = post("Expect: 100-continue\nTransfer-Encoding: chunked");

    assertThat(Conversation.of(TELL, List.of(head, wire("1\na\n0\n\n"))).answer())
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
}
