package dev.berth.server.fuzz;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** A PROXY header by sections 2.1 and 2.2 of its specification. */
final class ProxyGrammar {
  private static final Pattern VERSION_ONE =
      Pattern.compile(
          "PROXY (?:UNKNOWN(?: [^\r\n]*)?|TCP4 (%1$s) %1$s (%3$s) %3$s|TCP6 (%2$s) %2$s (%3$s) %3$s)\r\n"
              .formatted(IpGrammar.IPV4, IpGrammar.IPV6, IpGrammar.PORT));
  private static final int LONGEST_LINE = 107;

  private static final byte[] SIGNATURE =
      "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 16;
  private static final int LONGEST = 4096;

  private ProxyGrammar() {}

  /** A header: its length, and whom it names if it names somebody. */
  record Header(int length, Optional<InetSocketAddress> client) {}

  /** The header that the octets begin with, if they begin with a whole one. */
  static Optional<Header> parse(byte[] octets) {
    return Arrays.equals(octets, 0, Math.min(octets.length, 12), SIGNATURE, 0, 12)
        ? versionTwo(ByteBuffer.wrap(octets))
        : versionOne(new String(octets, StandardCharsets.ISO_8859_1));
  }

  private static Optional<Header> versionOne(String text) {
    Matcher line = VERSION_ONE.matcher(text);
    if (!line.lookingAt() || line.end() > LONGEST_LINE) {
      return Optional.empty();
    }
    Optional<InetSocketAddress> four =
        Optional.ofNullable(line.group(1)).map(address -> client(address, line.group(2)));
    Optional<InetSocketAddress> six =
        Optional.ofNullable(line.group(3)).map(address -> client(address, line.group(4)));
    return Optional.of(new Header(line.end(), four.or(() -> six)));
  }

  private static InetSocketAddress client(String address, String port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), Integer.parseInt(port));
  }

  private static Optional<Header> versionTwo(ByteBuffer octets) {
    if (octets.limit() < FIXED) {
      return Optional.empty();
    }
    int command = octets.get(12);
    int family = (octets.get(13) & 0xff) >>> 4;
    int transport = octets.get(13) & 0xf;
    int length = FIXED + (octets.getShort(14) & 0xffff);
    if ((command != 0x20 && command != 0x21) || length > LONGEST || length > octets.limit()) {
      return Optional.empty();
    }
    if (command == 0x20) {
      return Optional.of(new Header(length, Optional.empty()));
    }
    int address = family == 1 ? 4 : family == 2 ? 16 : family == 3 ? 106 : -2;
    int extensions = FIXED + 2 * (address + 2);
    if (family > 3 || transport > 2 || extensions > length) {
      return Optional.empty();
    }
    if (family == 0 || transport == 0) {
      return Optional.of(new Header(length, Optional.empty()));
    }
    if (!soundExtensions(octets, extensions, length)) {
      return Optional.empty();
    }
    return Optional.of(
        new Header(length, family == 3 ? Optional.empty() : Optional.of(client(octets, address))));
  }

  private static InetSocketAddress client(ByteBuffer octets, int length) {
    byte[] address = new byte[length];
    octets.get(FIXED, address);
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address), octets.getShort(FIXED + 2 * length) & 0xffff);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static boolean soundExtensions(ByteBuffer octets, int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at < 3) {
        return false;
      }
      int length = octets.getShort(at + 1) & 0xffff;
      if (length > to - at - 3 || (octets.get(at) == 3 && !soundSum(octets, at + 3, length, to))) {
        return false;
      }
      at += 3 + length;
    }
    return true;
  }

  private static boolean soundSum(ByteBuffer octets, int at, int length, int to) {
    if (length != 4) {
      return false;
    }
    byte[] zeroed = new byte[to];
    octets.get(0, zeroed);
    Arrays.fill(zeroed, at, at + 4, (byte) 0);
    CRC32C sum = new CRC32C();
    sum.update(zeroed);
    return (int) sum.getValue() == octets.getInt(at);
  }
}
