package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartialHeadTest {
  private static final String BEGUN = "GET / HTTP/1.1\r\nHost: x\r\n";

  private static boolean worthParsing(String known, String piece) {
    return PartialHead.isWorthParsing(
        (known + piece).getBytes(StandardCharsets.US_ASCII), known.length());
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
  void eachKibibyteOfItDoes() {
    String long1023 = BEGUN + "X: " + "y".repeat(1020 - BEGUN.length());
    assertThat(long1023).hasSize(1023);
    assertThat(worthParsing(long1023, "y")).isTrue();
    assertThat(worthParsing(long1023 + "y", "y")).isFalse();
  }
}
