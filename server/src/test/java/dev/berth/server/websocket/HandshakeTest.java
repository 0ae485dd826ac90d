package dev.berth.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.http1.Conversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake (RFC 6455, 4.2). The first example is that of 1.3. */
final class HandshakeTest {
  private static final String ASKED =
      """
      GET /chat HTTP/1.1
      Host: server.example.com
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """;

  private static String answered(WebSockets webSockets, String request) throws Exception {
    return Conversation.of(webSockets.handler(socket -> {}), request.replace("\n", "\r\n"))
        .answer();
  }

  private static String answered(String request) throws Exception {
    return answered(WebSockets.DEFAULT, request);
  }

  /** The request with one more line, or another in place of the one with that name. */
  private static String with(String line) {
    String name = line.substring(0, line.indexOf(':') + 1);
    return ASKED.replaceFirst("(?m)^" + name + ".*\n|\n\\z", line + "\n")
        + (ASKED.contains("\n" + name) ? "" : "\n");
  }

  private static String without(String name) {
    return ASKED.replaceFirst("(?m)^" + name + ":.*\n", "");
  }

  @Test
  void isAcceptedWithTheHashOfTheKey() throws Exception {
    assertThat(answered(ASKED))
        .startsWith(
            """
            HTTP/1.1 101 Switching Protocols
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            Connection: Upgrade
            Upgrade: websocket

            """
                .replace("\n", "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: keep-alive, uPgRaDe",
        "Upgrade: h2c, WebSocket",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "Origin: https://server.example.com",
      })
  void isAcceptedAlsoWith(String line) throws Exception {
    assertThat(answered(with(line)))
        .startsWith("HTTP/1.1 101 ")
        .doesNotContain("Sec-WebSocket-Extensions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade", "Connection", "Sec-WebSocket-Version"})
  void isRequired(String missing) throws Exception {
    assertThat(answered(without(missing)))
        .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
        .contains("\r\nUpgrade: websocket\r\n")
        .contains("\r\nConnection: Upgrade\r\n")
        .contains("\r\nSec-WebSocket-Version: 13\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Version: 8",
        "Sec-WebSocket-Version: 013",
        "Sec-WebSocket-Version: 13, 8",
        "Sec-WebSocket-Version: 13\nSec-WebSocket-Version: 13",
        "Upgrade: websocket/13",
        "Connection: keep-alive",
      })
  void isAnsweredWithTheVersionInsteadOf(String line) throws Exception {
    assertThat(answered(with(line)))
        .startsWith("HTTP/1.1 426 ")
        .contains("\r\nSec-WebSocket-Version: 13\r\n");
  }

  @Test
  void isNotOfHttp10() throws Exception {
    assertThat(answered(ASKED.replace("HTTP/1.1", "HTTP/1.0"))).startsWith("HTTP/1.1 426 ");
  }

  @Test
  void isByGetAlone() throws Exception {
    assertThat(answered(ASKED.replace("GET", "POST")))
        .startsWith("HTTP/1.1 405 ")
        .contains("\r\nAllow: GET\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Key: ",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXh4",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      })
  void isRefusedWithTheKey(String line) throws Exception {
    assertThat(answered(with(line))).startsWith("HTTP/1.1 400 ").contains("Sec-WebSocket-Key");
  }

  @Test
  void isRefusedWithoutAKey() throws Exception {
    assertThat(answered(without("Sec-WebSocket-Key"))).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: https://server.example.com.evil.example",
        "Origin: https://server.example.com:8443",
        "Origin: null",
        "Origin: not an origin",
        "Origin: https://server.example.com\nOrigin: https://evil.example",
      })
  void isRefusedToAPageOfAnotherHost(String line) throws Exception {
    assertThat(answered(with(line))).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void isGrantedToThePagesThatMay() throws Exception {
    WebSockets friendly = WebSockets.DEFAULT.withOrigins("https://friend.example"::equals);
    assertThat(answered(friendly, with("Origin: https://friend.example")))
        .startsWith("HTTP/1.1 101 ");
    assertThat(answered(friendly, with("Origin: https://server.example.com")))
        .startsWith("HTTP/1.1 403 ");
    assertThat(answered(friendly, ASKED)).startsWith("HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"v1 | v1", "v1, v2 | v2", "other,v1 | v1", "V1 | -", "other | -"})
  void agreesOnTheFirstOfItsSubprotocolsThatIsOffered(String offered, String agreed)
      throws Exception {
    String answer =
        answered(
            WebSockets.DEFAULT.withSubprotocols("v2", "v1"),
            with("Sec-WebSocket-Protocol: " + offered));
    assertThat(answer).startsWith("HTTP/1.1 101 ");
    if (agreed.equals("-")) {
      assertThat(answer).doesNotContain("Sec-WebSocket-Protocol");
    } else {
      assertThat(answer).contains("\r\nSec-WebSocket-Protocol: " + agreed + "\r\n");
    }
  }

  @Test
  void takesNoSubprotocolThatCantBeSent() {
    assertThatThrownBy(() -> WebSockets.DEFAULT.withSubprotocols("a b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a b");
  }
}
