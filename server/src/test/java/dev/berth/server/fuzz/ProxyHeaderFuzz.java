package dev.berth.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.fuzz.ProxyGrammar.Header;
import dev.berth.server.proxyprotocol.ProxyHeader;
import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Local;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import dev.berth.server.proxyprotocol.ProxyHeader.Relayed;
import dev.berth.server.proxyprotocol.ProxyHeaderReader;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Any octets as the beginning of a connection behind a proxy: a header is found if and only if the
 * grammar takes one, and it names whom the grammar reads; of the octets behind it none is read;
 * what a beginning means doesn't depend on how much of it has come.
 */
public final class ProxyHeaderFuzz {
  private ProxyHeaderFuzz() {}

  public static void fuzzerTestOneInput(byte[] octets) throws Exception {
    Optional<Header> expected = ProxyGrammar.parse(octets);

    checkBeginnings(octets, expected);
    checkReader(octets, expected);
    if (expected.flatMap(Header::client).isPresent()) {
      checkRewritten(expected.get());
    }
  }

  // Incomplete, until it is something for good; and never complete before what it said was missing.
  private static void checkBeginnings(byte[] octets, Optional<Header> expected) {
    int notBefore = 0;
    int length = 0;
    ProxyHeader header = ProxyHeader.parse(octets, 0);
    while (header instanceof Incomplete(int atLeast) && length < octets.length) {
      assertThat(atLeast).isPositive();
      notBefore = Math.max(notBefore, length + atLeast);
      length++;
      header = ProxyHeader.parse(octets, length);
    }
    ProxyHeader whole = ProxyHeader.parse(octets, octets.length);
    switch (header) {
      case Relayed(var client) -> {
        assertThat(expected).contains(new Header(length, Optional.of(client)));
        assertThat(length).isGreaterThanOrEqualTo(notBefore);
        assertThat(whole).isEqualTo(header);
      }
      case Local() -> {
        assertThat(expected).contains(new Header(length, Optional.empty()));
        assertThat(length).isGreaterThanOrEqualTo(notBefore);
        assertThat(whole).isEqualTo(header);
      }
      case Malformed(String _) -> {
        assertThat(expected).isEmpty();
        // What is wrong may be said in other words when more is there, or at the line's end only.
        assertThat(whole).isNotInstanceOfAny(Relayed.class, Local.class);
      }
      case Incomplete(int _) -> assertThat(expected).isEmpty();
    }
  }

  private static void checkReader(byte[] octets, Optional<Header> expected) throws Exception {
    var in = new ByteArrayInputStream(octets);
    ProxyHeader read = ProxyHeaderReader.read(Channels.newChannel(in));
    assertThat(read instanceof Relayed || read instanceof Local).isEqualTo(expected.isPresent());
    expected.ifPresent(
        header -> assertThat(octets.length - in.available()).isEqualTo(header.length()));
  }

  private static void checkRewritten(Header header) {
    var client = header.client().orElseThrow();
    String address = client.getAddress().getHostAddress();
    String version = address.contains(":") ? "TCP6" : "TCP4";
    String line = "PROXY %s %s %s %d 80\r\n".formatted(version, address, address, client.getPort());
    byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
    assertThat(ProxyHeader.parse(octets, octets.length)).isEqualTo(new Relayed(client));
  }
}
