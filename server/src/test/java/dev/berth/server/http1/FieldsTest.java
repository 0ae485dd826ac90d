package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, values, and what is around them (RFC 9112, 2.2 and 5; RFC 9110, 5). */
final class FieldsTest {
  private static final String LONG = "a".repeat(5000);
  private static final Handler TELL_A =
      (request, response) -> response.text(request.header("a") + " of " + request.headers("A"));

  private static String with(String fields) {
    return "GET / HTTP/1.1\nHost: x\n" + fields + "\n\n";
  }

  @Test
  void findsANameInAnyCase() throws Exception {
    assertThat(answered(TELL_A, with("A: 1\na:2\nB: 3"))).endsWith("Optional[1] of [1, 2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A:b", "A: b", "A:\tb", "A:  \t b", "A: b ", "A:b\t \t"})
  void leavesOutTheWhitespaceAroundAValue(String field) throws Exception {
    assertThat(answered(TELL_A, with(field))).endsWith("Optional[b] of [b]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A:", "A: ", "A:\t \t"})
  void takesAnEmptyValue(String field) throws Exception {
    assertThat(answered(TELL_A, with(field))).endsWith("Optional[] of []");
  }

  @Test
  void takesWhitespaceAndQuotesWithinAValueAsTheyAre() throws Exception {
    assertThat(answered(TELL_A, with("A: b \t\"c, d\" \\ (e)")))
        .endsWith("Optional[b \t\"c, d\" \\ (e)] of [b \t\"c, d\" \\ (e)]");
  }

  @Test
  void takesOctetsBeyondAsciiInAValueAsTheyAre() throws Exception {
    Handler octets =
        (request, response) ->
            response.body(request.header("A").orElse("").getBytes(StandardCharsets.ISO_8859_1));

    assertThat(answered(octets, with("A: \u00e9\u0080\u00ff"))).endsWith("\n\u00e9\u0080\u00ff");
  }

  @Test
  void takesAnyTokenAsAName() throws Exception {
    assertThat(told(with("!#$%&'*+-.^_`|~09aZ: b"))).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A : b", "A\t: b", "Content-Length : 3", "Transfer-Encoding : chunked"})
  void refusesWhitespaceBeforeTheColon(String field) throws Exception {
    assertRefused(400, "whitespace between", with(field));
  }

  @Test
  void refusesWhitespaceBeforeTheColonOfHost() throws Exception {
    assertRefused(400, "whitespace between", "GET / HTTP/1.1\nHost : x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {" Host: x\n", "\tHost: x\n", " \nHost: x\n", "\t\n\tA: b\nHost: x\n"})
  void refusesWhitespaceBeforeTheFirstField(String fields) throws Exception {
    assertRefused(400, "folded", "GET / HTTP/1.1\n" + fields + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A: b\n c",
        "A: b\n\tc",
        "A:\n b",
        "A: b\n ",
        "A: b\n c: d",
        "Content-Length: 1\n 2",
        "Transfer-Encoding:\n chunked"
      })
  void refusesAFoldedField(String fields) throws Exception {
    assertRefused(400, "folded", with(fields));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ": b",
        ":",
        "noColon",
        "A(b: c",
        "A[b: c",
        "A{b: c",
        "A@b: c",
        "A\"b: c",
        "A/b: c",
        "A=b",
        "A;b: c",
        "A\\b: c",
        "A,b: c",
        "A\0b: c",
        "A\u0001: c",
        "A\u007f: c",
        "A\u00c3\u00abb: c",
        "\rA: b",
        "A\r: b"
      })
  void refusesAName(String field) throws Exception {
    assertRefused(400, "name holds", with(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A b: c", "A\tb: c", "Content Length: 3", "A noColon"})
  void refusesWhitespaceWithinAName(String field) throws Exception {
    assertRefused(400, "whitespace between", with(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A: b\0c",
        "A: \0",
        "A: b\rc",
        "A: b\r",
        "A:\rb",
        "A: b\u0001c",
        "A: b\u0007c",
        "A: b\u0008c",
        "A: b\u000bc",
        "A: b\u000cc",
        "A: b\u001fc",
        "A: b\u007fc",
        "Cookie: a=\0",
        "Transfer-Encoding: chunked\0",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: \u000cchunked"
      })
  void refusesAControlInAValue(String field) throws Exception {
    assertRefused(400, "value holds 0x", with(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1<LF>Host: x<LF><LF>",
        "GET / HTTP/1.1\nHost: x<LF>\n",
        "GET / HTTP/1.1\nHost: x\nA: b<LF>\n",
        "GET / HTTP/1.1\nHost: x\nA: b<LF>C: d\n\n",
        "GET / HTTP/1.1\nHost: x\n<LF>"
      })
  void refusesALineThatEndsWithLfAlone(String request) throws Exception {
    assertRefused(400, "LF alone", request);
  }

  @Test
  void refusesTooManyBytesOfFields() throws Exception {
    assertRefused(431, "4096 bytes", with("A: " + LONG));
  }

  @Test
  void refusesTooManyBytesOfFieldsThatNeverEnd() throws Exception {
    assertRefused(431, "4096 bytes", "GET / HTTP/1.1\nHost: x\nA: " + LONG);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_500, 65_536})
  void refusesOneFieldThatIsTooLong(int length) throws Exception {
    String request = "GET / HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(length) + "\r\n\r\n";

    assertThat(Conversation.of(TELL, List.of(request), 1 << 20).answer())
        .startsWith(length > 65_533 ? "HTTP/1.1 431 " : "HTTP/1.1 200 ");
  }

  @Test
  void refusesTooManyFields() throws Exception {
    String request = "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(2000) + "\r\n";

    assertThat(Conversation.of(TELL, List.of(request), 1 << 20).answer())
        .startsWith("HTTP/1.1 431 ")
        .contains("more than 2000 fields");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_998, 1_999})
  void refusesTooManyFieldsAndAFieldTooLongBeforeTheHeadEnds(int fields) throws Exception {
    String many = "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(fields) + "A";
    String one = "GET / HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(64 * 1024);

    assertThat(Conversation.of(TELL, List.of(many, ":"), 1 << 20).answer())
        .matches(answer -> answer.startsWith("HTTP/1.1 431 ") == (fields == 1_999));
    assertThat(Conversation.of(TELL, List.of(one), 1 << 20).answer()).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void takesTheMostFieldsHoweverTheirEndComes() throws Exception {
    String most = "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(1_999);

    assertThat(Conversation.of(TELL, List.of(most + "\r", "\n"), 1 << 20).answer())
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void refusesTwoContentTypes() throws Exception {
    assertRefused(400, "more than one Content-Type", with("Content-Type: a/b\ncontent-type: a/b"));
  }

  @Test
  void ignoresAFieldThatItHasNeverHeardOf() throws Exception {
    assertThat(told(with("Never-Heard-Of: it"))).startsWith("HTTP/1.1 200 ");
  }
}
