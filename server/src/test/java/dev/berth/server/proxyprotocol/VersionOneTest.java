package dev.berth.server.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Local;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import dev.berth.server.proxyprotocol.ProxyHeader.Relayed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2.1: the line that people can read. */
final class VersionOneTest {
  private static ProxyHeader parse(String header) {
    byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
    return ProxyHeader.parse(bytes, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "TCP4 192.168.0.1 192.168.0.11 56324 443, 192.168.0.1, 56324",
    "TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535",
    "TCP4 0.0.0.0 0.0.0.0 0 0, 0.0.0.0, 0",
    "TCP6 2001:db8::1 ::1 1 2, 2001:db8::1, 1",
    "TCP6 2001:DB8:0:0:0:0:0:1 2001:0db8::9 1 2, 2001:db8::1, 1",
    "TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
        + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535",
    "TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.9 1 2, 192.0.2.1, 1",
    "TCP6 :: :: 1 2, ::, 1",
  })
  void namesTheClient(String line, String address, int port) {
    assertThat(parse("PROXY " + line + "\r\n"))
        .isEqualTo(new Relayed(new InetSocketAddress(InetAddress.ofLiteral(address), port)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN\r\n",
        "PROXY UNKNOWN \r\n",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n",
        "PROXY UNKNOWN whatever else, in any number of words\r\n",
      })
  void unknownLeavesThePeerWhoTheSocketSays(String header) {
    assertThat(parse(header)).isEqualTo(new Local());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 192.0.2.1 192.0.2.9 1 2\r\n",
        "PROXY\tTCP4 192.0.2.1 192.0.2.9 1 2\r\n",
        " PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\n",
        "PROXYTCP4",
        "PROXY \r\n",
        "PROXY  TCP4 192.0.2.1 192.0.2.9 1 2\r\n",
        "PROXY UDP4 192.0.2.1 192.0.2.9 1 2\r\n",
        "PROXY tcp4 192.0.2.1 192.0.2.9 1 2\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9 1\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9 1 2 \r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1  192.0.2.9 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9 1 2\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.9\n1 2\r\n",
        "PROXY UNKNOWN a\nb\r\n",
        "PROXY UNKNOWN a\rb\r\n",
      })
  void whatIsNotExactlyTheLineIsMalformed(String header) {
    assertThat(parse(header)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.01", "192.0.2.", ".192.0.2.1",
            "0300.0.2.1",
        "192.0.2.+1", "3221225985", "0xc0.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "localhost", ""
      })
  void whatIsNoAddressOfVersion4IsMalformed(String address) {
    assertThat(parse("PROXY TCP4 " + address + " 192.0.2.9 1 2\r\n")).isInstanceOf(Malformed.class);
    assertThat(parse("PROXY TCP4 192.0.2.9 " + address + " 1 2\r\n")).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        ":::",
        ":1",
        "1:",
        "g::",
        "[::1]",
        "::1%lo",
        "::1/64",
        "::ffff:192.0.2.01",
        "::ffff:192.0.2.256",
        "::ffff:192.0.2",
        "1:2:3:4:5:6:7:192.0.2.1",
        "2001:00db8::1",
        ""
      })
  void whatIsNoAddressOfVersion6IsMalformed(String address) {
    assertThat(parse("PROXY TCP6 " + address + " ::9 1 2\r\n")).isInstanceOf(Malformed.class);
    assertThat(parse("PROXY TCP6 ::9 " + address + " 1 2\r\n")).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "99999", "01", "00", "-1", "+1", "1e3", "0x50", ""})
  void whatIsNoPortIsMalformed(String port) {
    assertThat(parse("PROXY TCP4 192.0.2.1 192.0.2.9 " + port + " 2\r\n"))
        .isInstanceOf(Malformed.class);
    assertThat(parse("PROXY TCP4 192.0.2.1 192.0.2.9 1 " + port + "\r\n"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void aLineMayHave107BytesAndNoMore() {
    assertThat(parse("PROXY UNKNOWN " + "x".repeat(91) + "\r\n")).isEqualTo(new Local());
    assertThat(parse("PROXY UNKNOWN " + "x".repeat(92) + "\r\n")).isInstanceOf(Malformed.class);
  }

  @Test
  void aLineThatCannotEndWithin107BytesIsNotWaitedFor() {
    assertThat(parse("PROXY UNKNOWN " + "x".repeat(91))).isEqualTo(new Incomplete(2));
    assertThat(parse("PROXY UNKNOWN " + "x".repeat(92))).isInstanceOf(Malformed.class);
  }

  @Test
  void whatIsNoHeaderIsKnownByItsFirstByte() {
    assertThat(parse("G")).isInstanceOf(Malformed.class);
    assertThat(parse("\u0016")).isInstanceOf(Malformed.class);
  }

  @Test
  void aMalformedOneSaysWhatWasWrong() {
    assertThat(parse("GET / HTTP/1.1\r\n"))
        .isEqualTo(new Malformed("a connection has to begin with a PROXY header"));
    assertThat(parse("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n"))
        .isEqualTo(new Malformed("a PROXY line has 5 fields instead of 6"));
  }
}
