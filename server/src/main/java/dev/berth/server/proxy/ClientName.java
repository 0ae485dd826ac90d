package dev.berth.server.proxy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A client's address as the fields about forwarding name it; of IPv6 the short form (RFC 5952). */
final class ClientName {
  private static final int GROUPS = 8;

  private ClientName() {}

  static String of(InetAddress address) {
    return address instanceof Inet6Address six ? shortForm(six) : address.getHostAddress();
  }

  // The longest run of zeros, of two groups at least and the first of equal ones, is left out.
  private static String shortForm(Inet6Address address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    int[] groups = new int[GROUPS];
    int longest = 1;
    int start = GROUPS;
    int run = 0;
    for (int at = 0; at < GROUPS; at++) {
      groups[at] = bytes.getShort() & 0xffff;
      run = groups[at] == 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        start = at + 1 - run;
      }
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < GROUPS) {
      if (at == start) {
        text.append("::");
        at += longest;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(groups[at]));
        at++;
      }
    }
    return text.toString();
  }
}
