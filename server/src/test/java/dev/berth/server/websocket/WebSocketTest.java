package dev.berth.server.websocket;

import static dev.berth.server.websocket.Frames.answered;
import static dev.berth.server.websocket.Frames.bytes;
import static dev.berth.server.websocket.Frames.client;
import static dev.berth.server.websocket.Frames.hex;
import static dev.berth.server.websocket.Frames.masked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to which bytes (RFC 6455, 5 to 8). The first examples are those of 5.7. */
final class WebSocketTest {
  private static final String NORMAL = "88 02 03 e8";
  private static final String CLIENT_CLOSES = "88 82 37 fa 21 3d 34 12 ";
  private static final byte[] NOTHING = {};

  private static String echoed(String hex) throws Exception {
    return answered(Frames::echo, hex);
  }

  /** A close frame of the server's. */
  private static String close(int code, String reason) {
    byte[] body = CloseBody.bytes(code, reason);
    return hex(new byte[] {(byte) 0x88, (byte) body.length}) + " " + hex(body);
  }

  @Test
  void aMaskedTextIsEchoedUnmasked() throws Exception {
    assertThat(echoed("81 85 37 fa 21 3d 7f 9f 4d 51 58 " + CLIENT_CLOSES))
        .isEqualTo("81 05 48 65 6c 6c 6f " + NORMAL);
  }

  @Test
  void fragmentsAreOneMessage() throws Exception {
    assertThat(echoed(client(0x01, "Hel") + client(0x80, "lo") + CLIENT_CLOSES))
        .isEqualTo("81 05 48 65 6c 6c 6f " + NORMAL);
  }

  @Test
  void aPingIsAnsweredWithItsPayload() throws Exception {
    assertThat(echoed("89 85 37 fa 21 3d 7f 9f 4d 51 58 " + CLIENT_CLOSES))
        .isEqualTo("8a 05 48 65 6c 6c 6f " + NORMAL);
  }

  @Test
  void aPingBetweenFragmentsIsAnsweredBeforeTheMessageIsWhole() throws Exception {
    assertThat(echoed(client(0x02, "a") + client(0x89, "!") + client(0x80, "b") + CLIENT_CLOSES))
        .isEqualTo("8a 01 21 82 02 61 62 " + NORMAL);
  }

  @Test
  void aPongThatNobodyAskedForIsIgnored() throws Exception {
    assertThat(echoed(client(0x8a, "so?") + CLIENT_CLOSES)).isEqualTo(NORMAL);
  }

  @Test
  void emptyFragmentsAndEmptyMessagesAreMessages() throws Exception {
    assertThat(
            echoed(
                client(0x01, "")
                    + client(0x00, "")
                    + client(0x80, "")
                    + client(0x82, "")
                    + CLIENT_CLOSES))
        .isEqualTo("81 00 82 00 " + NORMAL);
  }

  @ParameterizedTest
  @CsvSource({
    "125, 82 7d",
    "126, 82 7e 00 7e",
    "65535, 82 7e ff ff",
    "65536, 82 7f 00 00 00 00 00 01 00 00"
  })
  void lengthsAreWrittenInTheirShortestForm(int length, String head) throws Exception {
    byte[] content = new byte[length];
    content[length - 1] = 7;
    byte[] answer = answered(Frames::echo, new ByteArrayInputStream(masked(0x82, content)));
    byte[] expected =
        ByteBuffer.allocate(bytes(head).length + length).put(bytes(head)).put(content).array();
    assertThat(answer).startsWith(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "81 05 48 65 6c 6c 6f | a client's frame has to be masked",
        "c1 80 00 00 00 00 | a reserved bit is set, but no extension was agreed on",
        "a1 80 00 00 00 00 | a reserved bit is set, but no extension was agreed on",
        "91 80 00 00 00 00 | a reserved bit is set, but no extension was agreed on",
        "83 80 00 00 00 00 | the opcode 3 is reserved",
        "87 80 00 00 00 00 | the opcode 7 is reserved",
        "8b 80 00 00 00 00 | the opcode 11 is reserved",
        "8f 80 00 00 00 00 | the opcode 15 is reserved",
        "09 80 00 00 00 00 | a control frame can't be fragmented",
        "08 80 00 00 00 00 | a control frame can't be fragmented",
        "89 fe 00 7e | a control frame's payload can't be longer than 125 bytes",
        "88 ff 00 00 00 00 00 00 00 01 | a control frame's payload can't be longer than 125 bytes",
        "82 fe 00 7d | the length 125 is not written in its shortest form",
        "82 ff 00 00 00 00 00 00 ff ff | the length 65535 is not written in its shortest form",
        "82 ff 80 00 00 00 00 00 00 00 | a length's first bit is set",
        "80 80 00 00 00 00 | there is no message to continue",
        "00 80 00 00 00 00 | there is no message to continue",
        "01 80 00 00 00 00 81 80 00 00 00 00 | a message begins before the last has ended",
        "02 80 00 00 00 00 02 80 00 00 00 00 | a message begins before the last has ended",
        "88 81 00 00 00 00 03 | a close code has two bytes, not one",
      })
  void aBrokenProtocolIsClosedWith1002(String hex, String reason) throws Exception {
    assertThat(echoed(hex + client(0x81, "unheard"))).isEqualTo(close(1002, reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c0 80",
        "c1 bf",
        "e0 80 80",
        "e0 9f bf",
        "ed a0 80",
        "ed bf bf",
        "f0 80 80 80",
        "f0 8f bf bf",
        "f4 90 80 80",
        "f5 80 80 80",
        "fe",
        "ff",
        "80",
        "bf",
        "c3 28",
        "e2 82 28",
        "e2 28 a1",
        "f0 28 8c bc",
        "61 e2 82",
        "c3"
      })
  void aTextThatIsNoUtf8IsClosedWith1007(String content) throws Exception {
    String close = close(1007, "a text is not UTF-8");
    assertThat(echoed(hex(masked(0x81, bytes(content))))).isEqualTo(close);
    byte[] first = bytes(content.substring(0, 2));
    byte[] rest = bytes(content.substring(2));
    assertThat(echoed(hex(masked(0x01, first)) + hex(masked(0x80, rest)))).isEqualTo(close);
  }

  @Test
  void whatIsNoUtf8IsKnownBeforeItsFrameIsWhole() throws Exception {
    String begun = "81 fe 01 00 00 00 00 00 61 ff";
    assertThat(echoed(begun)).isEqualTo(close(1007, "a text is not UTF-8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff"})
  void theEdgesOfUtf8AreText(String edge) throws Exception {
    String text = edge + "\ud800\udc00" + "\udbff\udfff";
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder octetByOctet = new StringBuilder(hex(masked(0x01, NOTHING)));
    for (byte octet : utf8) {
      octetByOctet.append(hex(masked(0x00, new byte[] {octet})));
    }
    octetByOctet.append(hex(masked(0x80, NOTHING)));
    assertThat(echoed(octetByOctet + CLIENT_CLOSES))
        .isEqualTo("81 %02x ".formatted(utf8.length) + hex(utf8) + " " + NORMAL);
  }

  @Test
  void aBinaryMessageMayBeAnything() throws Exception {
    assertThat(echoed(hex(masked(0x82, bytes("ff c0 80"))) + CLIENT_CLOSES))
        .isEqualTo("82 03 ff c0 80 " + NORMAL);
  }

  private static String echoedUpTo(int most, String hex) throws Exception {
    return hex(answered(Frames::echo, new ByteArrayInputStream(bytes(hex)), most));
  }

  @Test
  void aMessageThatIsTooLongIsClosedWith1009BeforeItHasCome() throws Exception {
    String close = close(1009, "a message can't be longer than 4 bytes");
    assertThat(echoedUpTo(4, client(0x82, "abcd") + CLIENT_CLOSES)).endsWith(NORMAL);
    assertThat(echoedUpTo(4, "82 85")).isEmpty();
    assertThat(echoedUpTo(4, "82 85 00 00 00 00")).isEqualTo(close);
    assertThat(echoedUpTo(4, client(0x02, "abc") + "00 82 00 00 00 00")).isEqualTo(close);
    assertThat(echoedUpTo(4, "82 ff 7f ff ff ff ff ff ff ff 00 00 00 00")).isEqualTo(close);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1014, 3000, 4999})
  void aCloseIsEchoed(int code) throws Exception {
    List<Message> heard = new ArrayList<>();
    String hex = hex(masked(0x88, CloseBody.bytes(code, "b\u00fdee")));
    assertThat(answered(socket -> heard.add(socket.receive()), hex + client(0x81, "unheard")))
        .isEqualTo(close(code, ""));
    assertThat(heard).containsExactly(new Message.Closed(code, "b\u00fdee"));
  }

  @Test
  void aCloseWithoutACodeIsEchoedSo() throws Exception {
    List<Message> heard = new ArrayList<>();
    assertThat(answered(socket -> heard.add(socket.receive()), client(0x88, "")))
        .isEqualTo("88 00");
    assertThat(heard).containsExactly(new Message.Closed(1005, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void aCodeThatIsNeverSentIsClosedWith1002(int code) throws Exception {
    assertThat(echoed(hex(masked(0x88, CloseBody.bytes(code, "")))))
        .isEqualTo(close(1002, "the close code " + code + " is never sent"));
  }

  @Test
  void aReasonThatIsNoUtf8IsClosedWith1007() throws Exception {
    assertThat(echoed(hex(masked(0x88, bytes("03 e8 c3"))))).startsWith("88 15 03 ef");
  }

  @Test
  void aConversationThatReturnsIsClosedAsNormal() throws Exception {
    assertThat(answered(socket -> socket.send("bye"), client(0x81, "unheard") + CLIENT_CLOSES))
        .isEqualTo("81 03 62 79 65 " + NORMAL);
  }

  @Test
  void aConversationThatThrowsIsClosedAsFailed() {
    List<Byte> out = new ArrayList<>();
    java.io.OutputStream kept =
        new java.io.OutputStream() {
          @Override
          public void write(int octet) {
            out.add((byte) octet);
          }
        };
    Talk talk =
        new Talk(
            socket -> {
              throw new IOException("the database is away");
            },
            java.net.InetSocketAddress.createUnresolved("client", 1),
            "",
            100);
    assertThatThrownBy(() -> talk.converse(new ByteArrayInputStream(NOTHING), kept))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasMessageContaining("the database is away");
    assertThat(out).containsExactly((byte) 0x88, (byte) 2, (byte) 0x03, (byte) 0xf3);
  }

  @Test
  void afterItsOwnCloseItSendsNothingAndHearsTheRest() throws Exception {
    List<Message> heard = new ArrayList<>();
    Conversation conversation =
        socket -> {
          socket.close(4000, "enough");
          socket.close(4001, "of this");
          assertThatThrownBy(() -> socket.send("more"))
              .isInstanceOf(IOException.class)
              .hasMessage("the WebSocket is closed");
          heard.add(socket.receive());
          heard.add(socket.receive());
          heard.add(socket.receive());
        };
    assertThat(
            answered(
                conversation,
                client(0x89, "?") + client(0x81, "on its way") + client(0x88, "\u000f\u00a0")))
        .isEqualTo(close(4000, "enough"));
    assertThat(heard)
        .containsExactly(
            new Message.Text("on its way"),
            new Message.Closed(4000, "enough"),
            new Message.Closed(4000, "enough"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "81", "81 85 37 fa 21 3d 7f", "01 80 00 00 00 00"})
  void aClientThatVanishesIsHeardAsBroken(String hex) throws Exception {
    List<Message> heard = new ArrayList<>();
    answered(socket -> heard.add(socket.receive()), hex);
    assertThat(heard).containsExactly(new Message.Closed(1006, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1005, 1006, 1010, 1015, 2999, 5000})
  void aServerCantCloseWithJustAnyCode(int code) throws Exception {
    answered(
        socket ->
            assertThatThrownBy(() -> socket.close(code, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + code),
        "");
  }

  @Test
  void aReasonHasItsBounds() throws Exception {
    answered(
        socket -> {
          assertThatThrownBy(() -> socket.close(1000, "\u00fd".repeat(62)))
              .isInstanceOf(IllegalArgumentException.class);
          socket.close(1000, "\u00fd".repeat(61));
        },
        "");
  }

  @Test
  void aGoodbyeBeforeTheConversationHasBegunIsSaid() throws Exception {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    Talk talk =
        new Talk(Frames::echo, java.net.InetSocketAddress.createUnresolved("client", 1), "", 100);
    talk.goodbye();
    talk.converse(new ByteArrayInputStream(NOTHING), out);
    assertThat(hex(out.toByteArray())).isEqualTo(close(1001, "the server ends this connection"));
  }
}
