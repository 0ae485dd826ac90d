package dev.berth.operator.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
  }

  @Test
  void aRequestNamesAnIpv6AddressInBrackets() {
    var server = new InetSocketAddress(InetAddress.ofLiteral("::1"), 8080);
    assertThat(new String(Answer.request(server), ISO_8859_1))
        .contains("\r\nHost: [0:0:0:0:0:0:0:1]:8080\r\n");
  }

  @Test
  void anAnswerIsReadToItsEndAndNoFurther() throws IOException {
    var in =
        bytes(
            """
            HTTP/1.1 200 OK
            Content-Length: 5

            helloHTTP/1.1 503 Service Unavailable
            retry-after: 3
            Connection: Close
            Content-Length: 0

            """);

    assertThat(Answer.read(in)).isEqualTo(new Answer(200, false, Optional.empty()));
    assertThat(Answer.read(in))
        .isEqualTo(new Answer(503, true, Optional.of(Duration.ofSeconds(3))));
  }

  @Test
  void anAnswerThatIsCutShortIsBroken() {
    assertThatThrownBy(() -> Answer.read(bytes("HTTP/1.1 200 OK\nContent-Length: 5\n\nhel")))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> Answer.read(bytes("HTTP/1.1 200 O"))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> Answer.read(bytes(""))).isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsNoAnswerIsBroken() {
    assertThatThrownBy(() -> Answer.read(bytes("SSH-2.0-x\n\n"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Answer.read(bytes("HTTP/1.1 200 OK\n\n")))
        .hasMessage("an answer without Content-Length");
    assertThatThrownBy(() -> Answer.read(bytes("HTTP/1.1 200 OK\nContent-Length: many\n\n")))
        .isInstanceOf(IOException.class);
  }
}
