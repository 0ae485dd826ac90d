package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Hello;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are refused, byte by byte: the status, and a word of the reason. */
final class StrictnessTest {
  private static final String LONG = "a".repeat(5000);

  static Stream<Arguments> refused() {
    return Stream.of(
        // Framing (RFC 9112, 6.3 and 11.2)
        bad(
            400,
            "both",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        bad(
            400,
            "both",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
        bad(
            400,
            "more than one Content-Length",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"),
        bad(
            400,
            "Content-Length holds ','",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\n"),
        bad(
            400,
            "Content-Length holds '+'",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n"),
        bad(
            400,
            "Content-Length holds '-'",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"),
        bad(
            400,
            "Content-Length holds 'x'",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n"),
        bad(
            400,
            "Content-Length is no number",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\n"),
        bad(
            400,
            "Content-Length is no number",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n"),
        bad(
            501,
            "chunked",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
        bad(501, "chunked", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n"),
        bad(501, "chunked", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n"),
        bad(
            400,
            "follows chunked",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"),
        bad(
            400,
            "follows chunked",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        bad(400, "empty", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\r\n"),
        bad(400, "HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        // Fields (RFC 9112, 5)
        bad(400, "folded", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        bad(400, "folded", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        bad(400, "whitespace between", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        bad(400, "name holds '('", "GET / HTTP/1.1\r\nHost: x\r\nA(b: c\r\n\r\n"),
        bad(400, "name holds ':'", "GET / HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n"),
        bad(400, "name holds 0x0d", "GET / HTTP/1.1\r\nHost: x\r\nnoColon\r\n\r\n"),
        bad(400, "value holds 0x00", "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
        bad(400, "value holds 0x0d", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
        bad(400, "value holds 0x7f", "GET / HTTP/1.1\r\nHost: x\r\nA: b\u007fc\r\n\r\n"),
        bad(400, "name holds 0x0d", "GET / HTTP/1.1\r\nHost: x\r\n\rA: b\r\n\r\n"),
        bad(400, "LF alone", "GET / HTTP/1.1\nHost: x\n\n"),
        bad(400, "LF alone", "GET / HTTP/1.1\r\nHost: x\r\nA: b\n\r\n"),
        // Host (RFC 9112, 3.2)
        bad(400, "name its Host", "GET / HTTP/1.1\r\n\r\n"),
        bad(400, "more than one Host", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        bad(400, "Host holds '/'", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        bad(400, "Host holds '@'", "GET / HTTP/1.1\r\nHost: me@x\r\n\r\n"),
        // The request line (RFC 9112, 3)
        bad(400, "method holds '('", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "begin with 0x16", "\u0016\u0003\u0001\u0002\u0000"),
        bad(400, "begin with 0x20", " GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "begin with 0x0d", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "target holds '#'", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "target holds 0xe9", "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "neither a path", "GET foo HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "neither a path", "GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "neither a path", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "target's host holds '@'", "GET http://me@x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "names no target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "version", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "version", "GET / http/1.1\r\nHost: x\r\n\r\n"),
        bad(400, "version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        bad(400, "version", "GET / HTTP/11\r\nHost: x\r\n\r\n"),
        bad(400, "version", "GET /\r\nHost: x\r\n\r\n"),
        bad(505, "HTTP/1.1", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        bad(505, "HTTP/1.1", "GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
        bad(501, "tunnels", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
        // Bounds and expectations
        bad(431, "4096 bytes", "GET / HTTP/1.1\r\nHost: x\r\nA: " + LONG + "\r\n\r\n"),
        bad(414, "4096 bytes", "GET /" + LONG + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        bad(
            417,
            "100-continue",
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n"));
  }

  private static Arguments bad(int status, String reason, String bytes) {
    return Arguments.of(status, reason, bytes);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(int status, String reason, String bytes) throws Exception {
    String answer = Conversation.of(new Hello(), bytes).answer();

    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("\r\nConnection: close\r\n")
        .contains(reason)
        .doesNotContain("hello");
  }

  /** Bodies whose framing is wrong: the handler reads all it can. */
  static Stream<Arguments> malformedBodies() {
    return Stream.of(
        Arguments.of("size holds 0x0d", "\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("size holds 'x'", "5x\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("size holds 'x'", "0x5\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("size holds '+'", "+5\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("size holds 0x20", "5 \r\nhello\r\n0\r\n\r\n"),
        Arguments.of("size holds 0x0a", "5\nhello\r\n0\r\n\r\n"),
        Arguments.of("digits", "0000000000000005\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("extension holds 0x0a", "5;a\nhello\r\n0\r\n\r\n"),
        Arguments.of("does not end with CR LF", "5\rhello\r\n0\r\n\r\n"),
        Arguments.of("longer than its size", "4\r\nhello\r\n0\r\n\r\n"),
        Arguments.of("longer than its size", "5\r\nhello\n0\r\n\r\n"),
        Arguments.of("ends before", "5\r\nhel"),
        Arguments.of("ends before", "5\r\nhello\r\n0\r\n"),
        Arguments.of("trailer's name holds 0x20", "5\r\nhello\r\n0\r\nA : b\r\n\r\n"),
        Arguments.of("trailer's value", "5\r\nhello\r\n0\r\nA: b\nC: d\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("malformedBodies")
  void refusesABodyOf(String reason, String body) throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    String answer =
        Conversation.of(
                (request, response) -> response.body(request.body().readAllBytes()), head + body)
            .answer();

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Connection: close").contains(reason);
  }
}
