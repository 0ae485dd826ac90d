package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.handler.Handler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes of answers: status line, fields, and content in its framing (RFC 9112, 4, 6, 7.1 and
 * 11.1; RFC 9110, 6.6.1, 8.6, 9.3.2 and 15).
 */
final class ResponsesTest {
  private static final String GET = "GET / HTTP/1.1\nHost: x\n\n";
  private static final String HEAD = "HEAD / HTTP/1.1\nHost: x\n\n";
  private static final String NEXT = "GET /next HTTP/1.1\nHost: x\n\n";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void haveDateAndLength() throws Exception {
    assertThat(told("GET /a%20b?c=d?e HTTP/1.1\nHost: berth\n\n"))
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

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 301, 404, 500})
  void haveADateWhateverTheStatus(int status) throws Exception {
    assertThat(answered((request, response) -> response.status(status), GET))
        .contains("\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
  }

  @Test
  void haveADateIfRefused() throws Exception {
    assertRefused(400, "\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n", "GET / HTTP/1.1\n\n");
  }

  @Test
  void haveTheHandlersDateIfItSetsOne() throws Exception {
    Handler dated =
        (request, response) -> response.header("date", "Fri, 02 Jan 2026 00:00:00 GMT").text("a");

    assertThat(answered(dated, GET))
        .contains("\r\ndate: Fri, 02 Jan 2026 00:00:00 GMT\r\n")
        .doesNotContain("Date:");
  }

  @Test
  void keepTheSpaceAfterAStatusWithoutReason() throws Exception {
    assertThat(answered((request, response) -> response.status(299), GET))
        .startsWith("HTTP/1.1 299 \r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 100, 101, 103, 199, 600, 1000})
  void haveNoStatusThatIsNotFinal(int status) {
    assertThatThrownBy(() -> answered((request, response) -> response.status(status), GET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("200 to 599");
  }

  @Test
  void sayThatTheyAreEmpty() throws Exception {
    assertThat(answered((request, response) -> {}, GET)).endsWith("\r\nContent-Length: 0\r\n\r\n");
  }

  // ---- HEAD (RFC 9110, 9.3.2)

  @Test
  void leaveTheContentOutForHead() throws Exception {
    assertThat(told(HEAD + "GET /2 HTTP/1.1\nHost: berth\n\n"))
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
  void leaveStreamedContentOutForHead() throws Exception {
    Handler streams =
        (request, response) -> {
          OutputStream out = response.stream();
          out.write(bytes("first"));
          out.flush();
          out.write(bytes("second"));
        };

    assertThat(answered(streams, HEAD)).endsWith("\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  @Test
  void doNotSayHowLongContentIsThatTheHandlerLeftOutForHead() throws Exception {
    assertThat(answered((request, response) -> response.header("ETag", "\"1\""), HEAD + NEXT))
        .doesNotContain("Transfer-Encoding")
        .containsOnlyOnce("Content-Length: 0")
        .containsSubsequence("ETag: \"1\"\r\n\r\n", "HTTP/1.1 200 OK");
  }

  @Test
  void sayHowLongContentWouldBeIfTheHandlerSaysSoForHead() throws Exception {
    assertThat(
            answered(
                (request, response) -> response.header("Content-Length", "99"),
                HEAD + NEXT.replace("GET", "HEAD")))
        .contains("Content-Length: 99\r\n\r\nHTTP/1.1 200 OK");
  }

  @Test
  void leaveTheContentOutOfARefusalOfHead() throws Exception {
    assertThat(told("HEAD / HTTP/1.1\n\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Connection: close")
        .endsWith("\r\n\r\n");
  }

  // ---- Statuses without content (RFC 9110, 8.6 and 15)

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void haveNoContentWithAStatusThatHasNone(int status) throws Exception {
    assertThat(answered((request, response) -> response.status(status), GET))
        .startsWith("HTTP/1.1 " + status)
        .doesNotContain("Content-Length")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 205, 304})
  void leaveOutContentThatTheStatusCanNotHave(int status) throws Exception {
    assertThat(answered((request, response) -> response.status(status).text("hello"), GET + GET))
        .doesNotContain("hello")
        .doesNotContain("Transfer-Encoding")
        .doesNotContain("Content-Length: 5");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 205, 304})
  void leaveOutStreamedContentThatTheStatusCanNotHave(int status) throws Exception {
    Handler streams =
        (request, response) -> {
          OutputStream out = response.status(status).stream();
          out.write(bytes("hello"));
          out.flush();
        };

    assertThat(answered(streams, GET + GET))
        .doesNotContain("hello")
        .doesNotContain("Transfer-Encoding");
  }

  @Test
  void sayThatA205IsEmpty() throws Exception {
    assertThat(answered((request, response) -> response.status(205), GET))
        .endsWith("\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void sayNoLengthWithA204EvenIfTheHandlerDoes() throws Exception {
    Handler declares = (request, response) -> response.status(204).header("Content-Length", "0");

    assertThat(answered(declares, GET)).doesNotContain("Content-Length");
  }

  @Test
  void sayHowLongTheContentWouldBeWithA304IfTheHandlerDoes() throws Exception {
    Handler declares = (request, response) -> response.status(304).header("Content-Length", "7");

    assertThat(answered(declares, GET)).endsWith("\r\nContent-Length: 7\r\n\r\n");
  }

  // ---- Framing of content (RFC 9112, 6 and 7.1)

  @Test
  void streamShortContentWithALength() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  try (OutputStream out = response.stream()) {
                    out.write(bytes("short"));
                  }
                },
                GET))
        .endsWith(wire("Content-Length: 5\n\nshort"));
  }

  @Test
  void streamInChunksWhatIsFlushed() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  OutputStream out = response.stream();
                  out.write(bytes("first"));
                  out.flush();
                  out.write(bytes("and the second"));
                },
                GET))
        .endsWith(wire("Transfer-Encoding: chunked\n\n5\nfirst\ne\nand the second\n0\n\n"));
  }

  @Test
  void haveNoEmptyChunkButTheLast() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  OutputStream out = response.stream();
                  out.flush();
                  out.write(new byte[0]);
                  out.flush();
                  out.flush();
                },
                GET))
        .endsWith(wire("Transfer-Encoding: chunked\n\n0\n\n"));
  }

  @Test
  void streamToHttp10UntilTheClose() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  OutputStream out = response.stream();
                  out.write(bytes("first"));
                  out.flush();
                },
                "GET / HTTP/1.0\nConnection: keep-alive\n\n"))
        .doesNotContain("Content-Length")
        .doesNotContain("Transfer-Encoding")
        .endsWith(wire("Connection: close\n\nfirst"));
  }

  @Test
  void streamWithoutChunksWhatHasADeclaredLength() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  OutputStream out = response.header("Content-Length", "11").stream();
                  out.write(bytes("first"));
                  out.flush();
                  out.write(bytes("second"));
                },
                GET))
        .doesNotContain("Transfer-Encoding")
        .endsWith(wire("Content-Length: 11\n\nfirstsecond"));
  }

  @Test
  void haveNoContentBeyondTheirLength() {
    assertThatThrownBy(() ->
            answered(
                (request, response) ->
                    response.header("Content-Length", "4").stream()
                        .write(bytes("hello".repeat(2000))),
                GET))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than its Content-Length");
  }

  @Test
  void haveNoContentShortOfTheirLength() {
    assertThatThrownBy(() ->
            answered(
                (request, response) ->
                    response.header("Content-Length", "6").stream().write(bytes("hello")),
                GET))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 bytes before its Content-Length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "6"})
  void haveTheLengthOfTheirBody(String length) {
    assertThatThrownBy(() ->
            answered(
                (request, response) ->
                    response.header("Content-Length", length).body(bytes("hello")),
                GET))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Content-Length says " + length);
  }

  @Test
  void goOnWithoutABodyThatWasNotOfTheirLength() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  response.header("Content-Length", "5");
                  assertThatThrownBy(() -> response.text("hello, you"))
                      .isInstanceOf(IllegalStateException.class);
                  response.text("hello");
                },
                GET))
        .contains("Content-Length: 5\r\n")
        .endsWith("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+5", "-5", "five", "5, 5", " 5", "99999999999999999999"})
  void haveALengthThatIsANumber(String length) {
    assertThatThrownBy(
            () -> answered((request, response) -> response.header("Content-Length", length), GET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Content-Length can't be");
  }

  @Test
  void goOnWithoutALengthThatWasRefused() throws Exception {
    assertThat(
            answered(
                (request, response) -> {
                  assertThatThrownBy(() -> response.header("Content-Length", "five"))
                      .isInstanceOf(IllegalArgumentException.class);
                  response.text("hello");
                },
                GET))
        .contains("Content-Length: 5\r\n")
        .endsWith("hello");
  }

  // ---- Splitting (RFC 9112, 11.1)

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\u010db", "a\u560ab", "\u007f"})
  void canNotBeSplitByAValue(String value) {
    assertThatThrownBy(() -> answered((request, response) -> response.header("A", value), GET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the value of A can't be");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a:",
        "a\r\n",
        "a\u010a",
        "\u00e9",
        "Transfer-Encoding",
        "transfer-ENCODING",
        "Keep-Alive",
        "Proxy-Connection",
        "Connection"
      })
  void canNotHaveAFieldNamed(String name) {
    assertThatThrownBy(() -> answered((request, response) -> response.header(name, "v"), GET))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void canNotBeSplitByWhatARefusalQuotes() throws Exception {
    assertRefused(400, "holds 0x0d", "GET / HTTP/1.1\nHost: x\nA: b\rSet-Cookie: c\n\n");
    assertThat(told("GET / HTTP/1.1\nHost: x\nA: b\rSet-Cookie: c\n\n"))
        .doesNotContain("Set-Cookie");
  }

  @Test
  void canNotBeChangedOnceTheyAreOnTheirWay() {
    assertThatThrownBy(() ->
            answered(
                (request, response) -> {
                  response.stream().flush();
                  response.header("A", "b");
                },
                GET))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void haveOneContent() {
    assertThatThrownBy(() ->
            answered(
                (request, response) -> {
                  response.stream();
                  response.text("again");
                },
                GET))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void areInTheOrderOfTheirRequests() throws Exception {
    assertThat(Conversation.of(TELL, wire(GET.replace("/ ", "/1 ") + NEXT)).answer())
        .containsSubsequence("GET /1", "GET /next");
  }
}
