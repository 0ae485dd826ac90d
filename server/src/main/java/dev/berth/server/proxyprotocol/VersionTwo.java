package dev.berth.server.proxyprotocol;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Local;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import dev.berth.server.proxyprotocol.ProxyHeader.Relayed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The binary header (section 2.2).
 *
 * <pre>
 *    0          12         13        14      16
 *   +----------+----------+---------+-------+-----------+--------+
 *   | signature| version, | family, | length| addresses | TLVs … |
 *   |          | command  | transp. |       |           |        |
 *   +----------+----------+---------+-------+-----------+--------+
 *                                            `---- length -------´
 * </pre>
 */
final class VersionTwo {
  static final byte FIRST_BYTE = '\r';

  /**
   * The longest header taken. One is meant to fit into 536 bytes, and the names in a client's
   * certificate make it longer; this is as much as nginx takes.
   */
  static final int LONGEST = 4096;

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int FIXED = 16;
  private static final int COMMAND = 12;
  private static final int PROTOCOL = 13;
  private static final int LENGTH = 14;

  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  private static final int UNSPECIFIED = 0;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;
  private static final int UNIX = 3;
  private static final int DATAGRAM = 2;

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int UNIX_BYTES = 108;
  private static final int PORT_BYTES = 2;

  private static final int TLV_FIXED = 3;
  private static final int CRC32C_TYPE = 3;
  private static final int CRC32C_BYTES = 4;

  private VersionTwo() {}

  static ProxyHeader parse(byte[] bytes, int length) {
    int signed = Math.min(length, SIGNATURE.length);
    if (!Arrays.equals(bytes, 0, signed, SIGNATURE, 0, signed)) {
      return new Malformed("a connection has to begin with a PROXY header");
    }
    if (length > COMMAND && !isCommand(unsigned(bytes[COMMAND]))) {
      return new Malformed("a PROXY header of unknown version or command " + hex(bytes[COMMAND]));
    }
    if (length < FIXED) {
      // Even where less is known than that this is version 2, version 1 is out of the question.
      return new Incomplete(FIXED - length);
    }
    int end = FIXED + (unsigned(bytes[LENGTH]) << 8 | unsigned(bytes[LENGTH + 1]));
    if (end > LONGEST) {
      return new Malformed("a PROXY header of " + end + " bytes, of at most " + LONGEST);
    }
    return bytes[COMMAND] == LOCAL ? local(length, end) : relayed(bytes, length, end);
  }

  private static boolean isCommand(int octet) {
    return octet == LOCAL || octet == PROXY;
  }

  // Whatever family it names is to be ignored, and with it what else there is: where that begins
  // can't be known.
  private static ProxyHeader local(int length, int end) {
    return length < end ? new Incomplete(end - length) : new Local();
  }

  private static ProxyHeader relayed(byte[] bytes, int length, int end) {
    int family = unsigned(bytes[PROTOCOL]) >>> 4;
    int transport = bytes[PROTOCOL] & 0xf;
    if (family > UNIX || transport > DATAGRAM) {
      return new Malformed("a PROXY header of unknown protocol " + hex(bytes[PROTOCOL]));
    }
    int extensions = FIXED + addressBytes(family);
    if (extensions > end) {
      return new Malformed("a PROXY header too short for its addresses");
    }
    if (family == UNSPECIFIED || transport == UNSPECIFIED) {
      return local(length, end);
    }
    if (length < end) {
      return new Incomplete(end - length);
    }
    return checked(bytes, extensions, end, family);
  }

  private static int addressBytes(int family) {
    return switch (family) {
      case IPV4 -> 2 * (IPV4_BYTES + PORT_BYTES);
      case IPV6 -> 2 * (IPV6_BYTES + PORT_BYTES);
      case UNIX -> 2 * UNIX_BYTES;
      default -> 0;
    };
  }

  private static ProxyHeader checked(byte[] bytes, int extensions, int end, int family) {
    int at = extensions;
    while (at < end) {
      OptionalInt value = valueLength(bytes, at, end);
      if (value.isEmpty()) {
        return new Malformed("a PROXY header ends within an extension");
      }
      int next = at + TLV_FIXED + value.getAsInt();
      if (bytes[at] == CRC32C_TYPE && !isIntact(bytes, at + TLV_FIXED, next, end)) {
        return new Malformed("a PROXY header whose checksum is wrong");
      }
      at = next;
    }
    return switch (family) {
      case IPV4 -> new Relayed(source(bytes, IPV4_BYTES));
      case IPV6 -> new Relayed(source(bytes, IPV6_BYTES));
      default -> new Local();
    };
  }

  /** The length of the value of the extension at that place, if it is all there. */
  private static OptionalInt valueLength(byte[] bytes, int at, int end) {
    if (end - at < TLV_FIXED) {
      return OptionalInt.empty();
    }
    int value = unsigned(bytes[at + 1]) << 8 | unsigned(bytes[at + 2]);
    return value > end - at - TLV_FIXED ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** Whether the checksum is that of the header with zeros in its place (section 2.2.3). */
  private static boolean isIntact(byte[] bytes, int checksum, int after, int end) {
    if (after - checksum != CRC32C_BYTES) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, checksum);
    crc.update(new byte[CRC32C_BYTES]);
    crc.update(bytes, after, end - after);
    return (int) crc.getValue() == ByteBuffer.wrap(bytes).getInt(checksum);
  }

  private static InetSocketAddress source(byte[] bytes, int addressBytes) {
    byte[] address = Arrays.copyOfRange(bytes, FIXED, FIXED + addressBytes);
    int port = FIXED + 2 * addressBytes;
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address),
          unsigned(bytes[port]) << 8 | unsigned(bytes[port + 1]));
    } catch (UnknownHostException impossible) {
      throw new AssertionError("4 or 16 bytes are an address", impossible);
    }
  }

  private static int unsigned(byte octet) {
    return octet & 0xff;
  }

  private static String hex(byte octet) {
    return "0x%02x".formatted(unsigned(octet));
  }
}
