package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartialHeadTest {
  private static final String BEGUN = "GET / HTTP/1.1\r\nHost: x\r\n";

  private static boolean worthParsing(String known, String piece) {
    return PartialHead.of(known.getBytes(StandardCharsets.US_ASCII))
        .add(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aPieceOfALineAndWholeLinesTellNothing() {
    assertThat(worthParsing(BEGUN, "X-")).isFalse();
    assertThat(worthParsing(BEGUN, "X-A: b\r\n")).isFalse();
    assertThat(worthParsing(BEGUN, "X-A: b\r\nX-B: c\r\n")).isFalse();
    assertThat(worthParsing(BEGUN, "\r")).isFalse();
  }

  @Test
  void theEndOfTheFirstLineDoes() {
    assertThat(worthParsing("GET / HTTP/1.1", "\r")).isFalse();
    assertThat(worthParsing("GET / HTTP/1.1\r", "\n")).isTrue();
    assertThat(worthParsing("GET", " / HTTP/1.1\r\nHost")).isTrue();
  }

  @Test
  void anEmptyLineDoesHoweverItComes() {
    assertThat(worthParsing(BEGUN, "\r\n")).isTrue();
    assertThat(worthParsing(BEGUN + "\r", "\n")).isTrue();
    assertThat(worthParsing(BEGUN + "X: y", "\r\n\r\nGET / HTTP/1.1\r\n")).isTrue();
    assertThat(worthParsing(BEGUN + "X: y\r", "\n\r\n")).isTrue();
  }

  @Test
  void aLineThatEndsWithLfAloneDoes() {
    assertThat(worthParsing(BEGUN, "X: y\n")).isTrue();
    assertThat(worthParsing(BEGUN + "X: y", "\n")).isTrue();
    assertThat(worthParsing("", "\n")).isTrue();
    assertThat(worthParsing("", "\r\n")).isTrue();
  }

  @Test
  void theFirstKibibyteDoesAndEachDoubling() {
    assertThat(worthParsing(ofLength(1_023), "y")).isTrue();
    assertThat(worthParsing(ofLength(1_024), "y")).isFalse();
    assertThat(worthParsing(ofLength(2_047), "y")).isTrue();
    assertThat(worthParsing(ofLength(3_071), "y")).isFalse();
    assertThat(worthParsing(ofLength(4_095), "y")).isTrue();
  }

  @Test
  void whatIsAddedInPiecesIsWhole() {
    PartialHead head = PartialHead.of("GET".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 500; i++) {
      head.add(ByteBuffer.wrap(new byte[] {(byte) ('a' + i % 26)}));
    }
    String all = StandardCharsets.US_ASCII.decode(head.bytes()).toString();
    assertThat(all).startsWith("GETabc").hasSize(503).endsWith("ef");
  }

  @Test
  void aLongOneCountsUntilItIsFreed() {
    LargeHeads heads = new LargeHeads(1_000, 5_000);
    PartialHead head = new PartialHead(heads, new byte[3_000]);
    assertThat(heads.taken()).isEqualTo(2_000);
    assertThat(head.add(ByteBuffer.wrap(new byte[1]))).isFalse();
    PartialHead another = new PartialHead(heads, new byte[4_200]);
    assertThat(another.add(ByteBuffer.wrap(new byte[1]))).as("worth parsing: is refused").isTrue();
    assertThat(new PartialHead(heads, new byte[500]).add(ByteBuffer.wrap(new byte[1]))).isFalse();
    head.free();
    another.free();
    head.free();
    another.add(ByteBuffer.wrap(new byte[9_000]));
    assertThat(heads.taken()).isZero();
  }

  @Test
  void nothingStaysNothingForAllThatShareIt() {
    assertThatThrownBy(() -> PartialHead.NONE.add(ByteBuffer.wrap(new byte[1])))
        .isInstanceOf(IllegalStateException.class);
    assertThat(PartialHead.NONE.isEmpty()).isTrue();
  }

  private static String ofLength(int length) {
    return BEGUN + "X: " + "y".repeat(length - BEGUN.length() - 3);
  }
}
