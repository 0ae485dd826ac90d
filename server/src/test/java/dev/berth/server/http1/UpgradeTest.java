package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.handler.Echo;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Upgrade;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leaving HTTP for another protocol (RFC 9110, 7.8 and 15.2.2). */
final class UpgradeTest {
  private static final Handler TO_ECHO =
      (request, response) -> response.upgrade("echo", (in, out) -> {});

  private static String asking(String fields) {
    return "GET / HTTP/1.1\nHost: x\n" + fields + "\n\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade\nUpgrade: echo",
        "Connection: keep-alive, UPGRADE\nUpgrade: ECHO",
        "Upgrade: h2c, echo , other/1.0\nConnection: upgrade",
        "Connection: upgrade\nUpgrade: h2c\nUpgrade: echo"
      })
  void switchesToAProtocolThatTheClientNamed(String fields) throws Exception {
    assertThat(answered(TO_ECHO, asking(fields)))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 101 Switching Protocols
                Connection: Upgrade
                Upgrade: echo

                """));
  }

  @Test
  void switchesToSeveralProtocolsInLayers() throws Exception {
    Handler layered = (request, response) -> response.upgrade("tls ,echo", (in, out) -> {});
    assertThat(answered(layered, asking("Connection: upgrade\nUpgrade: echo, TLS")))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 101 Switching Protocols
                Connection: Upgrade
                Upgrade: tls, echo

                """));
    assertThatThrownBy(() -> answered(layered, asking("Connection: upgrade\nUpgrade: echo")))
        .hasMessageContaining("did not ask");
  }

  /** One that notes which of its two ends it has come to. */
  private record Noted(List<String> ends) implements Upgrade {
    @Override
    public void converse(InputStream in, OutputStream out) {
      ends.add("begun");
    }

    @Override
    public void forgo() {
      ends.add("forgone");
    }
  }

  @Test
  void isForgoneWhereAnotherAnswerIsGiven() throws Exception {
    List<String> ends = new ArrayList<>();
    Handler wavering =
        (request, response) -> {
          response.upgrade("echo", new Noted(ends));
          ((Exchange) request).takeBack();
          response.text("no");
        };
    assertThat(answered(wavering, asking("Connection: upgrade\nUpgrade: echo"))).endsWith("no");
    assertThat(ends).containsExactly("forgone");
  }

  @Test
  void isAgreedToOnce() throws Exception {
    List<String> ends = new ArrayList<>();
    Handler twice =
        (request, response) -> {
          response.upgrade("echo", new Noted(ends));
          assertThatThrownBy(() -> response.upgrade("echo", new Noted(ends)))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("an upgrade already");
          ((Exchange) request).takeBack();
          response.upgrade("echo", new Noted(ends));
        };
    assertThat(answered(twice, asking("Connection: upgrade\nUpgrade: echo")))
        .startsWith("HTTP/1.1 101 ");
    assertThat(ends).containsExactly("forgone", "begun");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: echo",
        "Connection: keep-alive\nUpgrade: echo",
        "Connection: upgrade",
        "Connection: upgrade\nUpgrade: other",
        "Connection: upgrade\nUpgrade: echo/2",
        "Connection: upgrade\nUpgrade: e cho"
      })
  void switchesToNoOther(String fields) {
    assertThatThrownBy(() -> answered(TO_ECHO, asking(fields)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did not ask");
  }

  @Test
  void doesNotSwitchFromHttp10() {
    assertThatThrownBy(
            () -> answered(TO_ECHO, "GET / HTTP/1.0\nConnection: upgrade\nUpgrade: echo\n\n"))
        .hasMessageContaining("did not ask");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "websocket", "totally-made-up/1.0", "TLS/1.0", "\"", ","})
  void ignoresAnUpgradeThatTheHandlerDoesNotWant(String protocol) throws Exception {
    assertThat(answered(Conversation.TELL, asking("Connection: Upgrade\nUpgrade: " + protocol)))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .doesNotContain("Upgrade:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0\nConnection: Upgrade\nUpgrade: echo\n\n",
        "GET / HTTP/1.1\nHost: x\nUpgrade: echo\n\n",
        "GET / HTTP/1.1\nHost: x\nConnection: keep-alive\nUpgrade: echo\n\n",
        "GET / HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: other\n\n",
      })
  void isIgnoredByEchoUnlessItIsProperlyAskedFor(String request) throws Exception {
    assertThat(answered(new Echo(), request))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .doesNotContain("Upgrade:");
  }

  @Test
  void isSeenByEchoAmongOthers() throws Exception {
    assertThat(answered(new Echo(), asking("Connection: upgrade\nUpgrade: h2c, Echo")))
        .startsWith("HTTP/1.1 101 Switching Protocols\r\n");
  }

  @Test
  void readsTheWholeBodyBeforeItSwitches() throws Exception {
    assertThat(
            answered(
                new Echo(),
                "POST / HTTP/1.1\nHost: x\nConnection: upgrade\nUpgrade: echo\nContent-Length: 3\n\nabcdef"))
        .startsWith("HTTP/1.1 101 ")
        .endsWith("\r\n\r\ndef");
  }

  @Test
  void doesNotReadALongBodyToSwitch() throws Exception {
    assertThat(
            answered(
                TO_ECHO,
                "POST / HTTP/1.1\nHost: x\nConnection: upgrade\nUpgrade: echo\nContent-Length: 300000\n\n"
                    + "x".repeat(300_000)))
        .startsWith("HTTP/1.1 413 ")
        .contains("Connection: close");
  }

  @Test
  void doesNotSwitchAfterAMalformedBody() throws Exception {
    assertThat(
            answered(
                new Echo(),
                "POST / HTTP/1.1\nHost: x\nConnection: upgrade\nUpgrade: echo\nTransfer-Encoding: chunked\n\nx\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void tellsWhatItWouldSwitchTo() throws Exception {
    Handler required =
        (request, response) ->
            response.status(426).header("Upgrade", "echo/2, echo").text("echo only\n");

    assertThat(answered(required, asking("A: b")))
        .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
        .contains("\r\nUpgrade: echo/2, echo\r\n")
        .contains("\r\nConnection: Upgrade\r\n");
  }
}
