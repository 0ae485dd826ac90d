package dev.berth.server.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Local;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import dev.berth.server.proxyprotocol.ProxyHeader.Relayed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2.2: the binary header, in hexadecimal. */
final class VersionTwoTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a ";
  private static final String FOUR = "c0000201 c0000209 dc04 01bb ";
  private static final String SIX =
      "20010db8000000000000000000000001 20010db8000000000000000000000009 dc04 01bb ";
  private static final Relayed FROM_FOUR =
      new Relayed(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 56_324));
  private static final Relayed FROM_SIX =
      new Relayed(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 56_324));

  private static ProxyHeader parse(String hex) {
    byte[] bytes = bytes(hex);
    return ProxyHeader.parse(bytes, bytes.length);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void namesTheClientOfTcpOverIpv4() {
    assertThat(parse(SIGNATURE + "21 11 000c" + FOUR)).isEqualTo(FROM_FOUR);
  }

  @Test
  void namesTheClientOfTcpOverIpv6() {
    assertThat(parse(SIGNATURE + "21 21 0024" + SIX)).isEqualTo(FROM_SIX);
  }

  @Test
  void namesTheClientOfUdp() {
    assertThat(parse(SIGNATURE + "21 12 000c" + FOUR)).isEqualTo(FROM_FOUR);
    assertThat(parse(SIGNATURE + "21 22 0024" + SIX)).isEqualTo(FROM_SIX);
  }

  @Test
  void anAddressMappedIntoIpv6IsThatOfIpv4() {
    assertThat(
            parse(
                SIGNATURE
                    + "21 21 0024 00000000000000000000ffffc0000201"
                    + "00000000000000000000ffffc0000209 dc04 01bb"))
        .isEqualTo(FROM_FOUR);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a health check, 20 00 0000",
    "one with addresses that don't count, 20 11 000c c0000201c0000209dc0401bb",
    "one of a family that doesn't count, 20 ff 0001 00",
    "an unspecified family, 21 00 0000",
    "an unspecified family with bytes to skip, 21 00 0003 ffffff",
    "an unspecified family of streams, 21 01 0000",
    "an unspecified transport, 21 10 000c c0000201c0000209dc0401bb",
  })
  void thePeerIsWhoTheSocketSaysFor(String what, String rest) {
    assertThat(parse(SIGNATURE + rest)).isEqualTo(new Local());
  }

  @Test
  void thePeerIsWhoTheSocketSaysForASocketOfTheProxysMachine() {
    assertThat(parse(SIGNATURE + "21 31 00d8" + "2f".repeat(216))).isEqualTo(new Local());
    assertThat(parse(SIGNATURE + "21 32 00d8" + "2f".repeat(216))).isEqualTo(new Local());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "version 1, 11 11 000c c0000201c0000209dc0401bb",
    "version 3, 31 11 000c c0000201c0000209dc0401bb",
    "an unknown command, 22 11 000c c0000201c0000209dc0401bb",
    "an unknown family, 21 41 000c c0000201c0000209dc0401bb",
    "an unknown transport, 21 13 000c c0000201c0000209dc0401bb",
    "too few bytes for IPv4, 21 11 000b c0000201c0000209dc0401",
    "too few bytes for IPv6, 21 21 000c c0000201c0000209dc0401bb",
    "too few bytes for a path, 21 31 000c c0000201c0000209dc0401bb",
    "no bytes at all, 21 11 0000",
    "more than 4096 bytes in all, 21 11 0ff1",
    "as many bytes as it can say, 20 00 ffff",
  })
  void isMalformedWith(String what, String rest) {
    assertThat(parse(SIGNATURE + rest)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0d0d", "0d0a0d0a00 0d0a 515549540d", "0d0a0d0a 30"})
  void anotherSignatureIsMalformedAtItsFirstWrongByte(String hex) {
    assertThat(parse(hex)).isInstanceOf(Malformed.class);
    assertThat(parse(hex.substring(0, hex.length() - 2))).isInstanceOf(Incomplete.class);
  }

  @Test
  void extensionsAreSkipped() {
    // ALPN h2, an authority, padding, and one of an application's own
    assertThat(
            parse(
                SIGNATURE
                    + "21 11 0020"
                    + FOUR
                    + "01 0002 6832 02 0003 612e62 04 0000 e0 0003 abcdef"))
        .isEqualTo(FROM_FOUR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"04", "04 00", "04 0001", "04 0000 04 0002 00", "01 ffff 00"})
  void anExtensionThatIsCutOffIsMalformed(String extension) {
    int length = 12 + bytes(extension).length;
    assertThat(parse(SIGNATURE + "21 11 %04x".formatted(length) + FOUR + extension))
        .isEqualTo(new Malformed("a PROXY header ends within an extension"));
  }

  @Test
  void aRightChecksumIsTaken() {
    // The checksum was computed with another implementation, over the header with zeros in its
    // place
    assertThat(parse(SIGNATURE + "21 11 0013" + FOUR + "03 0004 0b386c7e")).isEqualTo(FROM_FOUR);
  }

  @Test
  void aChecksumIsTakenBetweenOtherExtensions() {
    assertThat(parse(SIGNATURE + "21 11 0019" + FOUR + "04 0000 03 0004 1639c564 04 0000"))
        .isEqualTo(FROM_FOUR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"03 0004 00000000", "03 0003 000000", "03 0000", "03 0008 0000000000000000"})
  void aWrongChecksumIsMalformed(String extension) {
    int length = 12 + bytes(extension).length;
    assertThat(parse(SIGNATURE + "21 11 %04x".formatted(length) + FOUR + extension))
        .isEqualTo(new Malformed("a PROXY header whose checksum is wrong"));
  }

  @Test
  void isWaitedForToTheLengthItSays() {
    assertThat(parse(SIGNATURE)).isEqualTo(new Incomplete(4));
    assertThat(parse(SIGNATURE + "21 11 000c")).isEqualTo(new Incomplete(12));
    assertThat(parse(SIGNATURE + "20 00 0005 0000")).isEqualTo(new Incomplete(3));
    assertThat(parse(SIGNATURE + "21 11 0ff0")).isEqualTo(new Incomplete(4080));
  }
}
