package dev.berth.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.fuzz.WebSocketGrammar.Answer;
import dev.berth.server.websocket.Frames;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Any octets as what a client sends on a WebSocket that echoes: the answer is the grammar's,
 * however the octets are cut up.
 */
public final class WebSocketFuzz {
  private static final int MOST = 300;

  private WebSocketFuzz() {}

  public static void fuzzerTestOneInput(byte[] octets) throws Exception {
    String sent = new String(octets, StandardCharsets.ISO_8859_1);
    Answer expected = WebSocketGrammar.parse(sent, MOST);
    byte[] answer = Frames.echoed(pieces(List.of(sent)), MOST);

    check(answer, expected);
    List<String> some = Splits.some(sent, Arrays.hashCode(octets));
    assertThat(Frames.echoed(pieces(some), MOST)).isEqualTo(answer);
    assertThat(Frames.echoed(pieces(Splits.all(sent)), MOST)).isEqualTo(answer);
  }

  private static void check(byte[] answer, Answer expected) {
    int frames = expected.frames().length;
    assertThat(Arrays.copyOf(answer, frames)).isEqualTo(expected.frames());
    byte[] rest = Arrays.copyOfRange(answer, frames, answer.length);
    if (expected.close().isEmpty()) {
      assertThat(rest).isEmpty();
    } else if (expected.close().getAsInt() == 1005) {
      assertThat(rest).isEqualTo(new byte[] {(byte) 0x88, 0});
    } else {
      assertThat(rest).hasSizeBetween(4, 127);
      assertThat(rest[0]).isEqualTo((byte) 0x88);
      assertThat((int) rest[1]).isEqualTo(rest.length - 2);
      assertThat((rest[2] & 0xff) * 256 + (rest[3] & 0xff)).isEqualTo(expected.close().getAsInt());
    }
  }

  // A read ends with its piece, as one of a socket may.
  private static InputStream pieces(List<String> pieces) {
    return new SequenceInputStream(
        Collections.enumeration(
            pieces.stream()
                .map(piece -> piece.getBytes(StandardCharsets.ISO_8859_1))
                .map(ByteArrayInputStream::new)
                .toList()));
  }
}
