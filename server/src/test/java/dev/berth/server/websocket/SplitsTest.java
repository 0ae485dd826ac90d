package dev.berth.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Messages are the same however they are cut into frames, and frames into what is read. */
final class SplitsTest {
  /** Gives a few bytes for each read. */
  private static final class Trickle extends InputStream {
    private final InputStream in;
    private final int most;

    Trickle(byte[] bytes, int most) {
      this.in = new ByteArrayInputStream(bytes);
      this.most = most;
    }

    @Override
    public int read() throws java.io.IOException {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws java.io.IOException {
      return in.read(into, offset, Math.min(most, length));
    }
  }

  private static byte[] inFrames(int opcode, byte[] message, int frameSize) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    int from = 0;
    do {
      int to = Math.min(message.length, from + frameSize);
      int first = (to == message.length ? 0x80 : 0) | (from == 0 ? opcode : 0);
      frames.writeBytes(Frames.masked(first, Arrays.copyOfRange(message, from, to)));
      frames.writeBytes(Frames.masked(0x8a, "pong"));
      from = to;
    } while (from < message.length);
    return frames.toByteArray();
  }

  @Property(tries = 300)
  void textsAreWholeHoweverTheyCome(
      @ForAll @Size(max = 4) List<@StringLength(max = 700) String> texts,
      @ForAll @IntRange(min = 1, max = 300) int frameSize,
      @ForAll @IntRange(min = 1, max = 1_000) int readSize)
      throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    List<Message> expected = new ArrayList<>();
    for (String text : texts) {
      byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      sent.writeBytes(inFrames(0x1, utf8, frameSize));
      expected.add(new Message.Text(new String(utf8, java.nio.charset.StandardCharsets.UTF_8)));
    }
    List<Message> heard = new ArrayList<>();
    Frames.answered(
        socket -> {
          Message message = socket.receive();
          while (!(message instanceof Message.Closed)) {
            heard.add(message);
            message = socket.receive();
          }
        },
        new Trickle(sent.toByteArray(), readSize));
    assertThat(heard).isEqualTo(expected);
  }

  @Property(tries = 100)
  void bytesAreWholeHoweverTheyCome(
      @ForAll @Size(max = 20_000) byte[] content,
      @ForAll @IntRange(min = 1, max = 70_000) int frameSize,
      @ForAll @IntRange(min = 1, max = 70_000) int readSize)
      throws Exception {
    List<Message> heard = new ArrayList<>();
    Frames.answered(
        socket -> heard.add(socket.receive()),
        new Trickle(inFrames(0x2, content, frameSize), readSize));
    assertThat(heard)
        .singleElement()
        .satisfies(message -> assertThat(((Message.Binary) message).bytes()).isEqualTo(content));
  }
}
