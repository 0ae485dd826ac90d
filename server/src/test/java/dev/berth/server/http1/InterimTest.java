package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.handler.Handler;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler says before its answer, and after its content (RFC 9110, 15.2 and 6.5). */
final class InterimTest {
  private static final String GET = "GET / HTTP/1.1\nHost: x\n\n";
  private static final String OLD = "GET / HTTP/1.0\n\n";
  private static final String EXPECTING =
      "POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n";

  private static final Handler HINTS =
      (_, response) -> {
        response.interim(103, Map.of("Link", List.of("</a>", "</b>")));
        response.text("ok");
      };
  private static final Handler ENDS_WITH_DIGEST =
      (_, response) -> {
        try (OutputStream content = response.stream()) {
          content.write('a');
          response.trailer("Digest", "x");
        }
      };

  @Test
  void anInterimResponseComesBeforeTheResponse() throws Exception {
    assertThat(answered(HINTS, GET))
        .startsWith(
            wire(
                """
                HTTP/1.1 103\s
                Link: </a>
                Link: </b>

                HTTP/1.1 200 OK
                Date:\
                """));
  }

  @Test
  void anOldClientGetsNone() throws Exception {
    assertThat(answered(HINTS, OLD)).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void aClientToldToSendItsContentIsNotToldAgain() throws Exception {
    Handler tells =
        (request, response) -> {
          response.interim(100, Map.of());
          response.body(request.body().readAllBytes());
        };
    assertThat(Conversation.of(tells, List.of(wire(EXPECTING), "hi")).answer())
        .containsOnlyOnce("HTTP/1.1 100 Continue\r\n\r\n")
        .endsWith("\r\n\r\nhi");
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 101, 200})
  void othersAreNoInterimResponses(int status) throws Exception {
    answered(
        (_, response) ->
            assertThatThrownBy(() -> response.interim(status, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an interim status is 100, or 102 to 199, not " + status),
        GET);
  }

  @Test
  void nothingOfAnInterimResponseCanEndItsLine() throws Exception {
    answered(
        (_, response) ->
            assertThatThrownBy(() -> response.interim(103, Map.of("X", List.of("a\r\nb"))))
                .isInstanceOf(IllegalArgumentException.class),
        GET);
  }

  @Test
  void trailersComeAfterChunkedContent() throws Exception {
    assertThat(answered(ENDS_WITH_DIGEST, GET))
        .endsWith(
            wire(
                """
                Transfer-Encoding: chunked

                1
                a
                0
                Digest: x

                """));
  }

  @Test
  void trailersAreDroppedWhereContentIsNotChunked() throws Exception {
    assertThat(answered(ENDS_WITH_DIGEST, OLD)).endsWith("\r\n\r\na");
    assertThat(
            answered(
                (request, response) -> {
                  response.header("Content-Length", "1");
                  ENDS_WITH_DIGEST.handle(request, response);
                },
                GET))
        .endsWith("\r\n\r\na");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "Connection", "Transfer-Encoding", "a b"})
  void theFramingIsNoTrailer(String name) throws Exception {
    answered(
        (_, response) ->
            assertThatThrownBy(() -> response.trailer(name, "close"))
                .isInstanceOf(IllegalArgumentException.class),
        GET);
  }

  @Test
  void fieldsAreHandedOverInTheOrderSent() throws Exception {
    StringBuilder told = new StringBuilder();
    answered(
        (request, _) ->
            request.forEachHeader((name, value) -> told.append(name).append('=').append(value)),
        "GET / HTTP/1.1\nHost: x\nb:  2\nA: 1 \n\n");
    assertThat(told.toString()).isEqualTo("Host=xb=2A=1");
  }
}
