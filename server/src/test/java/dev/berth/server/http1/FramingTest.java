package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a request ends: Content-Length and Transfer-Encoding (RFC 9112, 6 and 11.2; RFC 9110, 8.6).
 * A request that another parser could end elsewhere is refused.
 */
final class FramingTest {
  private static String with(String fields) {
    return "POST / HTTP/1.1\nHost: x\n" + fields + "\n\n";
  }

  @Test
  void endsWithTheHeadIfNothingSaysElse() throws Exception {
    assertThat(told("POST /1 HTTP/1.1\nHost: x\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("POST /1 - []")
        .contains("GET /2 - []");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", " 3", "   3", "\t3", " 3 ", "3\t \t"})
  void endsWhereTheLengthSays(String length) throws Exception {
    assertThat(
            told(
                "POST /1 HTTP/1.1\nHost: x\nContent-Length:"
                    + length
                    + "\n\nabcGET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("POST /1 - [abc]")
        .contains("GET /2 - []");
  }

  @Test
  void takesALengthOfZero() throws Exception {
    assertThat(told(with("Content-Length: 0"))).contains("POST / - []");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "TRACE", "ANY"})
  void endsAsSaidWhateverTheMethod(String method) throws Exception {
    String inner = "GET /3 HTTP/1.1\nHost: x\n\n";
    int length = wire(inner).length();

    assertThat(
            told(
                method
                    + " /1 HTTP/1.1\nHost: x\nContent-Length: "
                    + length
                    + "\n\n"
                    + inner
                    + "GET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("GET /2 - []")
        .doesNotContain("/3 -");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 5",
        "Content-Length: 5\nTransfer-Encoding: Chunked",
        "Content-Length: 0\nTRANSFER-ENCODING: chunked",
        "Transfer-Encoding:\tchunked\ncontent-length: 5",
        "Content-Length: 5\nTransfer-Encoding: gzip, chunked",
        "Content-Length: 5\nTransfer-Encoding: identity",
        "Content-Length: 5\nTransfer-Encoding: xchunked",
        "Content-Length: 5\nTransfer-Encoding: chunked "
      })
  void refusesLengthAndCodingTogether(String fields) throws Exception {
    assertRefused(400, "both", with(fields) + "0\n\nGET /smuggled HTTP/1.1\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nContent-Length: 5",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: 5\nA: b\ncontent-LENGTH: 5",
        "Content-Length: 0\nContent-Length: 0",
        "Content-Length: 5\nContent-Length:"
      })
  void refusesTwoLengths(String fields) throws Exception {
    assertRefused(400, "more than one Content-Length", with(fields) + "hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5, 5", "5,5", "5,", ",5", "5, 6", "5;", "+5", "-5", "-0", "0x5", "0o5", "5x", "x", "1_0",
        "1 0", "5.0", "5e0", "\"5\"", "'5'", "\u0665", "5\u00a0", "ten"
      })
  void refusesALengthThatHolds(String length) throws Exception {
    assertRefused(400, "Content-Length holds", with("Content-Length: " + length) + "hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t",
        "9999999999999999999",
        "18446744073709551621",
        "0000000000000000005"
      })
  void refusesALengthThatIsNoNumberOf18Digits(String length) throws Exception {
    assertRefused(400, "Content-Length is no number", with("Content-Length: " + length) + "hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "05", "005", "0200"})
  void refusesALengthThatSomeReadAsOctal(String length) throws Exception {
    assertRefused(400, "octal", with("Content-Length: " + length) + "hello");
  }

  @Test
  void takesALengthOf18Digits() throws Exception {
    assertThat(
            Conversation.of(
                    (request, response) -> response.text("read no further"),
                    wire(with("Content-Length: 999999999999999999")))
                .answer())
        .startsWith("HTTP/1.1 200 ")
        .contains("Connection: close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "Chunked", "CHUNKED", "\tchunked", "chunked \t"})
  void endsWithTheLastChunk(String coding) throws Exception {
    assertThat(
            told(
                "POST /1 HTTP/1.1\nHost: x\nTransfer-Encoding:"
                    + coding
                    + "\n\n3\nabc\n0\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("POST /1 - [abc]")
        .contains("GET /2 - []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "gzip;q=1",
        "'chunked'; a",
        "identity",
        "xchunked",
        "chunke",
        "gzip, identity",
        "chunked-not"
      })
  void refusesACodingThatLeavesTheEndUnknown(String codings) throws Exception {
    assertRefused(400, "not chunked", with("Transfer-Encoding: " + codings) + "0\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: gzip;q=1, chunked",
        "Transfer-Encoding: br ; a = b;c=d , chunked"
      })
  void doesNotImplementAnyOtherCoding(String fields) throws Exception {
    assertRefused(501, "chunked", with(fields) + "0\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked,"
      })
  void refusesACodingAfterChunked(String fields) throws Exception {
    assertRefused(400, "follows chunked", with(fields) + "0\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ", chunked", ",", "gzip,,chunked"})
  void refusesAnEmptyCoding(String codings) throws Exception {
    assertRefused(400, "coding is empty", with("Transfer-Encoding:" + codings) + "0\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chunked;x",
        "chunked; a=b",
        "chunked;",
        "\"chunked\"",
        "\"gzip\";q=1, chunked",
        "gzip;q=\"1\", chunked",
        "gzip;q=\"a, chunked",
        ";q=1, chunked",
        "chun ked",
        "chunked gzip",
        "chunked=1",
        "[chunked]",
        "\u00e9chunked"
      })
  void refusesACodingThatIsNotAToken(String coding) throws Exception {
    assertRefused(400, "transfer coding holds", with("Transfer-Encoding: " + coding) + "0\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Connection: keep-alive\nTransfer-Encoding: chunked"
      })
  void refusesACodingOfHttp10(String fields) throws Exception {
    assertRefused(400, "HTTP/1.0", "POST / HTTP/1.0\n" + fields + "\n\n0\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content_Length: 5", "Transfer_Encoding: chunked", "content_length: x"})
  void refusesWhatLooksLikeAFramingField(String field) throws Exception {
    assertRefused(400, "underscore", with(field));
  }

  @Test
  void refusesABodyThatEndsBeforeItsLength() throws Exception {
    assertRefused(400, "ends before", with("Content-Length: 10") + "hello");
  }

  @Test
  void refusesABodyThatEndsBeforeItsLengthThoughNobodyReadIt() throws Exception {
    assertThat(
            Conversation.of(
                    (request, response) -> response.text("not yet"),
                    wire(with("Content-Length: 10") + "hello"))
                .answer())
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("not yet");
  }

  @Test
  void refusesABodyThatNobodyReadThoughTheConnectionClosesAnyway() throws Exception {
    assertThat(
            Conversation.of(
                    (request, response) -> response.text("not yet"),
                    wire(with("Connection: close\nContent-Length: 10") + "hello"))
                .answer())
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("not yet");
  }

  @Test
  void refusesABodyWhoseFaultTheHandlerOverlooked() throws Exception {
    Handler careless =
        (request, response) -> {
          try {
            request.body().readAllBytes();
          } catch (IOException overlooked) {
            response.text("not all, but enough");
          }
        };

    assertThat(answered(careless, with("Content-Length: 10") + "hello"))
        .startsWith("HTTP/1.1 400 ")
        .contains("ends before")
        .doesNotContain("enough");
  }

  @Test
  void leavesItToTheHandlerHowToRefuseABody() throws Exception {
    Handler careful =
        (request, response) -> {
          try {
            request.body().readAllBytes();
          } catch (IOException malformed) {
            response.status(422).text("not all of it");
          }
        };

    assertThat(answered(careful, with("Content-Length: 10") + "hello"))
        .startsWith("HTTP/1.1 422 ")
        .contains("Connection: close")
        .endsWith("not all of it");
  }

  @Test
  void saysWithoutWaitingForTheBodyThatItIsNotWanted() throws Exception {
    Conversation conversation =
        Conversation.of(
            (request, response) -> response.status(403).text(request.path()),
            List.of(wire("POST /1 HTTP/1.1\nHost: x\nContent-Length: 3\n\na"), "bc"));

    assertThat(conversation.answerBeforeLastPiece()).startsWith("HTTP/1.1 403 ").endsWith("/1");
  }

  @Test
  void answersEarlierRequestsWhileItReadsPastABody() throws Exception {
    Conversation conversation =
        Conversation.of(
            (request, response) -> response.text(request.path()),
            List.of(
                wire(
                    "GET /1 HTTP/1.1\nHost: x\n\nPOST /2 HTTP/1.1\nHost: x\nContent-Length: 3\n\na"),
                "bc"));

    assertThat(conversation.answer()).containsSubsequence("/1", "/2");
    assertThat(conversation.writes()).isEqualTo(2);
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
            Conversation.of(
                    (request, response) -> response.text(request.path()),
                    wire(with("Content-Length: 999999999")))
                .answer())
        .startsWith("HTTP/1.1 200 ")
        .contains("Connection: close");
  }

  @Test
  void closesAfterChunksThatNobodyReadAndNeverEnd() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";

    assertThat(
            Conversation.of(
                    (request, response) -> response.text(request.path()),
                    wire("POST /1 HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n")
                        + chunk.repeat(5)
                        + wire("0\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
                .answer())
        .endsWith("\r\nContent-Length: 2\r\nConnection: close\r\n\r\n/1")
        .containsOnlyOnce("HTTP/1.1");
  }

  @Test
  void saysCloseWithARefusalOfChunksThatHaveComeAndAreTooMany() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";

    assertThat(
            Conversation.of(
                    (request, response) -> response.status(401).text("who?"),
                    wire("POST /1 HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n")
                        + chunk.repeat(5)
                        + wire("0\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
                .answer())
        .startsWith("HTTP/1.1 401 ")
        .endsWith("\r\nContent-Length: 4\r\nConnection: close\r\n\r\nwho?")
        .containsOnlyOnce("HTTP/1.1");
  }

  @Test
  void doesNotHoldARefusalBackUntilTheRestOfTheBodyComes() throws Exception {
    Conversation conversation =
        Conversation.of(
            (request, response) -> response.status(401).text("who?"),
            List.of(
                wire("POST /1 HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n2\nab\n"),
                wire("1\nc\n0\n\nGET /2 HTTP/1.1\nHost: x\n\n")));

    assertThat(conversation.answerBeforeLastPiece()).endsWith("\r\n\r\nwho?");
    assertThat(conversation.answer()).doesNotContain("Connection:").contains("who?HTTP/1.1 401 ");
  }

  @Test
  void servesPipelinedRequestsOfEveryFraming() throws Exception {
    assertThat(
            Conversation.of(
                    TELL,
                    wire(
                        """
                        POST /1 HTTP/1.1
                        Host: x
                        Transfer-Encoding: chunked

                        1
                        a
                        0

                        POST /2 HTTP/1.1
                        Host: x
                        Content-Length: 1

                        bGET /3 HTTP/1.1
                        Host: x

                        """))
                .answer())
        .containsSubsequence("POST /1 - [a]", "POST /2 - [b]", "GET /3 - []");
  }
}
