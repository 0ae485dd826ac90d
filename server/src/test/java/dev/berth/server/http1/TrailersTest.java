package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.handler.Handler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields after a chunked body (RFC 9112, 7.1.2; RFC 9110, 6.5). */
final class TrailersTest {
  private static final Handler TELL_TRAILERS =
      (request, response) -> {
        request.body().readAllBytes();
        response.text("trailers " + request.trailers());
      };

  private static String trailed(String trailers) {
    return "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n1\na\n0\n" + trailers + "\n";
  }

  @Test
  void areTheHandlersOnceTheBodyHasBeenRead() throws Exception {
    assertThat(answered(TELL_TRAILERS, trailed("Checksum: abc \nSigned:\tby me\nEmpty:\n")))
        .endsWith("trailers {Checksum=[abc], Empty=[], Signed=[by me]}");
  }

  @Test
  void haveNamesInAnyCaseAndValuesInOrder() throws Exception {
    Handler tell =
        (request, response) -> {
          request.body().readAllBytes();
          response.text("a " + request.trailers().get("a") + request.trailers().get("none"));
        };

    assertThat(answered(tell, trailed("A: 1\nB: 2\na: 3\n"))).endsWith("a [1, 3]null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: x\n\n",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 1\n\na",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n0\n\n"
      })
  void areNoneWhereNoneWereSent(String request) throws Exception {
    assertThat(answered(TELL_TRAILERS, request)).endsWith("trailers {}");
  }

  @Test
  void areRefusedBeyondTheirBound() throws Exception {
    String fields = "a: b\n";

    assertThat(answered(TELL_TRAILERS, trailed("A: " + "b".repeat(8_000) + "\n")))
        .startsWith("HTTP/1.1 200 ");
    assertThat(answered(TELL_TRAILERS, trailed("A: " + "b".repeat(8_200) + "\n")))
        .startsWith("HTTP/1.1 400 ")
        .contains("longer than 8192 bytes");
    assertThat(answered(TELL_TRAILERS, trailed(fields.repeat(75)))).startsWith("HTTP/1.1 200 ");
    assertThat(answered(TELL_TRAILERS, trailed(fields.repeat(90)))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void areNotThoseOfTheRequestBefore() throws Exception {
    assertThat(answered(TELL_TRAILERS, trailed("A: b\n") + trailed("")))
        .contains("trailers {A=[b]}")
        .endsWith("trailers {}");
  }

  @Test
  void comeAfterTheBody() {
    Handler tooSoon = (request, response) -> response.text("trailers " + request.trailers());

    assertThatThrownBy(() -> answered(tooSoon, trailed("A: b\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("trailers come after the body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 50",
        "Transfer-Encoding: chunked",
        "Host: evil",
        "Connection: close",
        "Trailer: x",
        "TE: trailers",
        "Upgrade: h2c",
        "Authorization: Bearer evil",
        "Cookie: a=b",
        "Content-Type: text/evil",
        "content-encoding: gzip",
        "Content-Range: bytes 0-0/1",
        "Cache-Control: no-store",
        "Expect: 100-continue",
        "Max-Forwards: 0",
        "Range: bytes=0-0",
        "If-None-Match: *",
        "Content_Length: 5",
        "transfer_encoding: chunked",
        "X_Forwarded_For: 192.0.2.1"
      })
  void leaveOutWhatWouldComeTooLate(String trailer) throws Exception {
    assertThat(answered(TELL_TRAILERS, trailed(trailer + "\nA: b\n")))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("trailers {A=[b]}");
  }

  @Test
  void areNeverTakenForFieldsOfTheHead() throws Exception {
    Handler tell =
        (request, response) -> {
          request.body().readAllBytes();
          response.text("head " + request.header("Host") + request.header("A"));
        };

    assertThat(answered(tell, trailed("Host: evil\nA: b\n")))
        .endsWith("head Optional[x]Optional.empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 50", "Transfer-Encoding: chunked", "Connection: close"})
  void frameNothing(String trailer) throws Exception {
    assertThat(told(trailed(trailer + "\n") + "GET /2 HTTP/1.1\nHost: x\n\n"))
        .contains("POST / - [a]")
        .contains("GET /2 - []");
  }
}
