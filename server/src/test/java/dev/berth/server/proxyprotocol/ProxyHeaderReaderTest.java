package dev.berth.server.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However the bytes come, the header is the same, and what follows it stays where it is. */
final class ProxyHeaderReaderTest {
  private static final byte[] AFTER = "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** A header, and what it has to be read as. */
  record Case(String latin1, ProxyHeader meaning) {
    static Case of(byte[] bytes, ProxyHeader meaning) {
      return new Case(new String(bytes, StandardCharsets.ISO_8859_1), meaning);
    }

    byte[] bytes() {
      return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  @Property
  void anySplitIsReadTheSame(
      @ForAll("headers") Case header,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 60) Integer> pieces)
      throws IOException {
    Pieces channel = new Pieces(with(header.bytes(), AFTER), pieces);
    assertThat(ProxyHeaderReader.read(channel)).isEqualTo(header.meaning());
    assertThat(channel.rest()).isEqualTo(AFTER);
  }

  @Property
  void aHeaderThatIsCutOffIsIncompleteAndPromisesNoMoreThanIsMissing(
      @ForAll("headers") Case header, @ForAll @IntRange(max = 5_000) int cut) {
    byte[] bytes = header.bytes();
    int there = cut % bytes.length;
    assertThat(ProxyHeader.parse(bytes, there))
        .isInstanceOfSatisfying(
            Incomplete.class,
            incomplete -> assertThat(incomplete.atLeast()).isBetween(1, bytes.length - there));
  }

  @Property
  void whatFollowsAHeaderDoesNotChangeIt(
      @ForAll("headers") Case header, @ForAll @Size(max = 30) byte[] after) {
    byte[] both = with(header.bytes(), after);
    assertThat(ProxyHeader.parse(both, both.length)).isEqualTo(header.meaning());
  }

  @Property
  void whateverComesIsReadTheSameInOnePieceAndInMany(@ForAll("nearlyHeaders") byte[] bytes)
      throws IOException {
    ProxyHeader atOnce = ProxyHeaderReader.read(new Pieces(bytes, List.of(bytes.length + 1)));
    ProxyHeader byOne = ProxyHeaderReader.read(new Pieces(bytes, List.of(1)));
    assertThat(byOne.getClass()).isEqualTo(atOnce.getClass());
    if (!(atOnce instanceof Malformed)) {
      assertThat(byOne).isEqualTo(atOnce);
    }
  }

  @Property
  void aSpoiltByteIsNeverTakenForAnotherClientWhereThereIsAChecksum(
      @ForAll("checked") Case header,
      @ForAll @IntRange(max = 5_000) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] spoilt = header.bytes();
    // Beyond the fixed part, whose length and command say how to read the rest
    int at = 16 + place % (spoilt.length - 16);
    spoilt[at] ^= (byte) change;
    ProxyHeader read = ProxyHeader.parse(spoilt, spoilt.length);
    // The one thing that can't be told is an extension that is no longer called a checksum
    boolean renamed = at == 16 + 12;
    assertThat(renamed || read instanceof Malformed).isTrue();
  }

  @Provide
  Arbitrary<Case> headers() {
    return Arbitraries.oneOf(unknown(), lines(), binary(), checked(), local());
  }

  /** Headers in which a byte or two have been changed, and any bytes at all. */
  @Provide
  Arbitrary<byte[]> nearlyHeaders() {
    Arbitrary<byte[]> changed =
        Combinators.combine(
                headers(),
                Arbitraries.integers().between(0, 5_000),
                Arbitraries.of('\r', '\n', ' ', '0', '.', ':', '\0', '\u00ff'))
            .as((header, place, octet) -> {
              byte[] bytes = header.bytes();
              bytes[place % bytes.length] = (byte) octet.charValue();
              return bytes;
            });
    return Arbitraries.oneOf(changed, Arbitraries.bytes().array(byte[].class).ofMaxSize(200));
  }

  private static Arbitrary<Case> unknown() {
    return Arbitraries.strings()
        .withChars("0123456789abcdef:. \u00ff\u0000")
        .ofMaxLength(91)
        .map(rest -> new Case("PROXY UNKNOWN " + rest + "\r\n", new ProxyHeader.Local()));
  }

  private static Arbitrary<Case> lines() {
    return Combinators.combine(sockets(), sockets().map(InetSocketAddress::getPort))
        .as((client, port) -> {
          boolean four = client.getAddress().getAddress().length == 4;
          String address = client.getAddress().getHostAddress();
          String line =
              "PROXY %s %s %s %d %d\r\n"
                  .formatted(
                      four ? "TCP4" : "TCP6",
                      address,
                      four ? "192.0.2.9" : "2001:db8::9",
                      client.getPort(),
                      port);
          return new Case(line, new ProxyHeader.Relayed(client));
        });
  }

  private static Arbitrary<Case> binary() {
    return Combinators.combine(sockets(), Arbitraries.integers().between(0, 400))
        .as((client, padding) -> {
          byte[] extension =
              padding < 3
                  ? new byte[0]
                  : hex("04" + "%04x".formatted(padding - 3) + "0d".repeat(padding - 3));
          return Case.of(relayed(client, extension), new ProxyHeader.Relayed(client));
        });
  }

  @Provide
  Arbitrary<Case> checked() {
    return sockets()
        .filter(client -> client.getAddress().getAddress().length == 4)
        .map(client -> {
          byte[] bytes = relayed(client, hex("03 0004 00000000"));
          java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
          crc.update(bytes);
          ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
          return Case.of(bytes, new ProxyHeader.Relayed(client));
        });
  }

  private static Arbitrary<Case> local() {
    return Arbitraries.integers()
        .between(0, 4_080)
        .map(length ->
            Case.of(
                hex(SIGNATURE + "20 00 %04x".formatted(length) + "47".repeat(length)),
                new ProxyHeader.Local()));
  }

  private static Arbitrary<InetSocketAddress> sockets() {
    Arbitrary<byte[]> addresses =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofSize(4),
            Arbitraries.of((byte) 0, (byte) 1, (byte) -1).array(byte[].class).ofSize(16));
    return Combinators.combine(addresses, Arbitraries.integers().between(0, 65_535))
        .as((address, port) -> new InetSocketAddress(address(address), port));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static byte[] relayed(InetSocketAddress client, byte[] extension) {
    byte[] address = client.getAddress().getAddress();
    int length = 2 * address.length + 4 + extension.length;
    return ByteBuffer.allocate(16 + length)
        .put(hex(SIGNATURE + "21"))
        .put((byte) (address.length == 4 ? 0x11 : 0x21))
        .putShort((short) length)
        .put(address)
        .put(new byte[address.length])
        .putShort((short) client.getPort())
        .putShort((short) 443)
        .put(extension)
        .array();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static byte[] with(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** A channel whose bytes come in pieces of these lengths, over and over. */
  private static final class Pieces implements ReadableByteChannel {
    private final ByteBuffer bytes;
    private final List<Integer> lengths;
    private int nth;

    Pieces(byte[] bytes, List<Integer> lengths) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.lengths = lengths;
    }

    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int piece = lengths.get(nth++ % lengths.size());
      int count = Math.min(piece, Math.min(into.remaining(), bytes.remaining()));
      into.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    byte[] rest() {
      byte[] rest = new byte[bytes.remaining()];
      bytes.get(rest);
      return rest;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
