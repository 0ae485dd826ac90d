package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunked bodies: sizes, extensions, and what ends them (RFC 9112, 7.1). */
final class ChunkedTest {
  private static final Handler UNREAD = (request, response) -> response.text("unread");

  private static String chunked(String body) {
    return "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n" + body;
  }

  @Test
  void takesChunksWithExtensionsAndTrailers() throws Exception {
    assertThat(
            told(
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
  void areAvailableAsSoonAsTheirSizeHasCome() throws Exception {
    List<Integer> available = new ArrayList<>();
    Handler looks =
        (request, response) -> {
          InputStream body = request.body();
          for (int count : new int[] {2, 1, 3, 1}) {
            available.add(body.available());
            body.readNBytes(count);
          }
        };
    Conversation.of(
        looks, List.of(wire(chunked("02;a=b\nab\n3")), wire("\ncde\n1\nf\n0\n"), wire("\n")));
    assertThat(available).containsExactly(2, 0, 2, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0\n\n", "000\n\n", "0;a=b\n\n"})
  void takesNoContent(String body) throws Exception {
    assertThat(told(chunked(body))).contains("POST / - []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "a",
        "0A",
        "00000000000000a",
        "000000000000000a",
        "0000000000000000000000000000000a"
      })
  void takesASizeInEitherCaseWithZerosBefore(String size) throws Exception {
    assertThat(told(chunked(size + "\n0123456789\n0\n\n"))).contains("[0123456789]");
  }

  @Test
  void takesContentThatLooksLikeFraming() throws Exception {
    assertThat(told(chunked("5\n0\n\n\n0\n\n"))).contains("[0\r\n\r\n]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";a",
        ";a=b",
        ";a=\"b\"",
        ";a;b;c",
        ";a=b;c=\"d\"",
        " ;a",
        "\t;\ta",
        "; a = b",
        ";a =\"\" ;b",
        ";a=\"\\\"\"",
        ";a=\"\\\\\"",
        ";a=\"; \t=\u00e9\"",
        ";!#$%&'*+-.^_`|~=1"
      })
  void ignoresExtensionsThatItHasNeverHeardOf(String extension) throws Exception {
    assertThat(told(chunked("5" + extension + "\nhello\n0" + extension + "\n\n")))
        .contains("[hello]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";",
        ";;a",
        ";a;",
        "; ",
        ";=b",
        ";a=",
        ";a= ",
        ";a=b c",
        ";a b",
        ";a ",
        ";a=b ",
        ";a=\"b",
        ";a=\"b\"c",
        ";a=\"\\",
        ";bad[=x",
        ";a=[",
        ";a=b=c",
        ";a,b",
        ";\0a",
        ";a\0",
        ";a=\0",
        ";a=\"\0\"",
        ";a=\"\\\0\"",
        ";a\rb",
        ";a=\"\r\"",
        ";a<LF>",
        ";a=b<LF>",
        ";a=\"<LF>\"",
        ";\u007f",
        ";\u00e9",
        ";a=\u00e9"
      })
  void refusesAnExtension(String extension) throws Exception {
    assertRefused(400, "chunk's", chunked("5" + extension + "\nhello\n0\n\n"));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("size holds 0x0d", "\nhello\n0\n\n"),
        Arguments.of("size holds 'x'", "5x\nhello\n0\n\n"),
        Arguments.of("size holds 'x'", "0x5\nhello\n0\n\n"),
        Arguments.of("size holds '+'", "+5\nhello\n0\n\n"),
        Arguments.of("size holds '+'", "+0\n\nX"),
        Arguments.of("size holds '-'", "-1\nhello\n0\n\n"),
        Arguments.of("size holds '-'", "-0\n\n"),
        Arguments.of("size holds '_'", "1_0\nhello world!!!!!\n0\n\n"),
        Arguments.of("size holds 'h'", "5h\nhello\n0\n\n"),
        Arguments.of("size holds '.'", "5.0\nhello\n0\n\n"),
        Arguments.of("size holds ','", "5,5\nhello\n0\n\n"),
        Arguments.of("size holds 'g'", "g\nhello\n0\n\n"),
        Arguments.of("size holds 0xb2", "\u00b2\nhello\n0\n\n"),
        Arguments.of("size holds 0x00", "5\0\nhello\n0\n\n"),
        Arguments.of("size holds 0x20", "5 \nhello\n0\n\n"),
        Arguments.of("size holds 0x20", " 5\nhello\n0\n\n"),
        Arguments.of("size holds 0x20", "5 5\nhello\n0\n\n"),
        Arguments.of("size holds 0x09", "5\t\nhello\n0\n\n"),
        Arguments.of("size holds 0x0a", "5<LF>hello\n0\n\n"),
        Arguments.of("digits", "0".repeat(32) + "5\nhello\n0\n\n"),
        Arguments.of("digits", "0".repeat(33) + "\n\n"),
        Arguments.of("digits", "01000000000000005\nhello\n0\n\n"),
        Arguments.of("digits", "0000000000000001000000000000005\nhello\n0\n\n"),
        Arguments.of("digits", "FFFFFFFFFFFFFFFF0\nhello\n0\n\n"),
        Arguments.of("digits", "8000000000000000\nhello\n0\n\n"),
        Arguments.of("digits", "10000000000000005\nhello\n0\n\n"),
        Arguments.of("extension holds 0x0a", "5;a<LF>hello\n0\n\n"),
        Arguments.of("does not end with CR LF", "5\rhello\n0\n\n"),
        Arguments.of("does not end with CR LF", "5\r\r<LF>hello\n0\n\n"),
        Arguments.of("longer than its size", "4\nhello\n0\n\n"),
        Arguments.of("longer than its size", "5\nhello!!\n0\n\n"),
        Arguments.of("longer than its size", "5\nhello0\n\n"),
        Arguments.of("longer than its size", "5\nhello<LF>0\n\n"),
        Arguments.of("longer than its size", "5\nhello\r0\n\n"),
        Arguments.of("ends before", ""),
        Arguments.of("ends before", "5"),
        Arguments.of("ends before", "5\nhel"),
        Arguments.of("ends before", "5\nhello"),
        Arguments.of("ends before", "5\nhello\n"),
        Arguments.of("ends before", "5\nhello\n0\n"),
        Arguments.of("ends before", "7fffffff\nhello"),
        Arguments.of("name holds 0x0a", "5\nhello\n0\n<LF>"),
        Arguments.of("trailer's name holds 0x20", "5\nhello\n0\nA : b\n\n"),
        Arguments.of("trailer's name holds 0x20", "5\nhello\n0\nA: b\n c\n\n"),
        Arguments.of("trailer's name holds ':'", "5\nhello\n0\n: b\n\n"),
        Arguments.of("trailer's name holds 0x0d", "5\nhello\n0\nA\n\n"),
        Arguments.of("trailer's name holds 0x20", "5\nhello\n0\nGET / HTTP/1.1\nHost: x\n\n"),
        Arguments.of("trailer's value", "5\nhello\n0\nA: b<LF>C: d\n\n"),
        Arguments.of("trailer's value", "5\nhello\n0\nA: b\rC: d\n\n"),
        Arguments.of("trailer's value", "5\nhello\n0\nA: b\0c\n\n"),
        Arguments.of("do not end", "5\nhello\n0\n\r\r"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesABodyOf(String reason, String body) throws Exception {
    assertRefused(400, reason, chunked(body));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesABodyThatNobodyReadOf(String reason, String body) throws Exception {
    assertThat(answered(UNREAD, chunked(body)))
        .startsWith("HTTP/1.1 400 ")
        .contains("Connection: close")
        .contains(reason)
        .doesNotContain("unread");
  }

  @Test
  void boundsAnExtension() throws Exception {
    assertRefused(
        400, "longer than they may be", chunked("5;a=" + "b".repeat(65_536) + "\nhello\n0\n\n"));
  }

  @Test
  void boundsAllExtensionsTogether() throws Exception {
    assertRefused(
        400, "longer than they may be", chunked(("1;a=" + "b".repeat(100) + "\nx\n").repeat(200)));
  }

  @Test
  void takesExtensionsInProportionToTheContent() throws Exception {
    String chunk = "400;signature=" + "b".repeat(100) + "\n" + "x".repeat(1024) + "\n";

    assertThat(told(chunked(chunk.repeat(500) + "0\n\n"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void boundsTrailers() throws Exception {
    assertRefused(
        400, "trailers are longer", chunked("0\n" + ("A: " + "b".repeat(1000) + "\n").repeat(70)));
  }

  @Test
  void readsChunksHoweverTheyAreCutUp() throws Exception {
    String request = wire(chunked("5;a=\"b\"\nhello\n1\n!\n0\nA: b\n\n"));

    assertThat(Conversation.of(Conversation.TELL, List.of(request.split(""))).answer())
        .contains("[hello!]");
  }
}
