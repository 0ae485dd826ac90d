package dev.berth.server.proxyprotocol;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import dev.berth.server.proxyprotocol.ProxyHeader.Local;
import dev.berth.server.proxyprotocol.ProxyHeader.Malformed;
import dev.berth.server.proxyprotocol.ProxyHeader.Relayed;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The human-readable header (section 2.1): one line, {@code PROXY TCP4 192.0.2.1 192.0.2.9 56324
 * 443} and CR LF.
 */
final class VersionOne {
  /** {@code PROXY UNKNOWN} and CR LF. */
  static final int SHORTEST = 15;

  private static final int LONGEST = 107;
  private static final String PREFIX = "PROXY ";
  private static final String UNKNOWN = "UNKNOWN";
  private static final int FIELDS = 6;
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  // No number of it, nor a port, begins with a 0 of no use: it might be read as octal.
  private static final String NUMBER = "(?:0|[1-9]\\d{0,2})";
  private static final String DOTTED = NUMBER + ("\\." + NUMBER).repeat(3);
  private static final Pattern IPV4 = Pattern.compile(DOTTED);
  // The last 32 bits may be written as those of IPv4, as inet_ntop does for mapped addresses. Java
  // would take a group of five digits, of which the first is 0.
  private static final Pattern IPV6 =
      Pattern.compile("(?!.*[0-9A-Fa-f]{5})[0-9A-Fa-f:]+(?:(?<=:)" + DOTTED + ")?");
  private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
  private static final int HIGHEST_PORT = 65_535;

  private VersionOne() {}

  static ProxyHeader parse(byte[] bytes, int length) {
    int most = Math.min(length, LONGEST);
    for (int at = 0; at < most; at++) {
      if (at < PREFIX.length() && bytes[at] != PREFIX.charAt(at)) {
        return new Malformed("a connection has to begin with a PROXY header");
      }
      if (bytes[at] == LF) {
        return at > 0 && bytes[at - 1] == CR
            ? parse(new String(bytes, 0, at - 1, StandardCharsets.ISO_8859_1))
            : new Malformed("a PROXY line ends with LF alone");
      }
      if (at > 0 && bytes[at - 1] == CR) {
        return new Malformed("a PROXY line has a CR without LF");
      }
    }
    return incomplete(bytes, most);
  }

  private static ProxyHeader incomplete(byte[] bytes, int length) {
    int missing = bytes[length - 1] == CR ? 1 : 2 + leastOfFields(bytes, length);
    return length + missing > LONGEST
        ? new Malformed("a PROXY line is longer than " + LONGEST + " bytes")
        : new Incomplete(Math.max(missing, SHORTEST - length));
  }

  // Of each field that has not begun, a space and a character; of one that has, perhaps nothing.
  private static int leastOfFields(byte[] bytes, int length) {
    int protocol = PREFIX.length();
    if (length <= protocol || bytes[protocol] != 'T') {
      return 0;
    }
    int begun = 1;
    for (int at = 0; at < length; at++) {
      begun += bytes[at] == ' ' ? 1 : 0;
    }
    boolean unstarted = bytes[length - 1] == ' ';
    return Math.max(0, 2 * (FIELDS - begun)) + (unstarted ? 1 : 0);
  }

  private static ProxyHeader parse(String line) {
    String[] fields = line.split(" ", -1);
    String protocol = fields.length > 1 ? fields[1] : "";
    return switch (protocol) {
      // What follows is to be ignored, whatever it is
      case UNKNOWN -> new Local();
      case "TCP4", "TCP6" -> relayed(fields, protocol.equals("TCP4"));
      default -> new Malformed("a PROXY line names no known protocol");
    };
  }

  private static ProxyHeader relayed(String[] fields, boolean four) {
    if (fields.length != FIELDS) {
      return new Malformed("a PROXY line has " + fields.length + " fields instead of " + FIELDS);
    }
    Optional<InetAddress> source = four ? ipv4(fields[2]) : ipv6(fields[2]);
    Optional<InetAddress> destination = four ? ipv4(fields[3]) : ipv6(fields[3]);
    if (source.isEmpty() || destination.isEmpty()) {
      return new Malformed("a PROXY line has an address that is none of " + fields[1]);
    }
    if (!isPort(fields[4]) || !isPort(fields[5])) {
      return new Malformed("a PROXY line has a port that is none");
    }
    return new Relayed(new InetSocketAddress(source.get(), Integer.parseInt(fields[4])));
  }

  private static Optional<InetAddress> ipv4(String text) {
    try {
      return IPV4.matcher(text).matches()
          ? Optional.of(Inet4Address.ofLiteral(text))
          : Optional.empty();
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> ipv6(String text) {
    try {
      return IPV6.matcher(text).matches()
          ? Optional.of(Inet6Address.ofLiteral(text))
          : Optional.empty();
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= HIGHEST_PORT;
  }
}
