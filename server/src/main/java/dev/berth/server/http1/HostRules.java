package dev.berth.server.http1;

/**
 * What the host of a request may look like, with its port (RFC 9110, 7.2; RFC 3986, 3.2.2): a name
 * or an address, never empty, since an http URL has one (RFC 9110, 4.2.1), and without user
 * information (4.2.4). Encoded, a name may hold what it may as it is, and octets beyond ASCII.
 */
final class HostRules {
  private static final int MAX_PORT = 65_535;
  private static final int GROUPS = 8;

  private final byte[] bytes;
  private final int to;
  // How the place is called in what the client is told.
  private final String place;

  private HostRules(byte[] bytes, int to, String place) {
    this.bytes = bytes;
    this.to = to;
    this.place = place;
  }

  /** Checks {@code bytes[from, to)}. */
  static void check(byte[] bytes, int from, int to, String place) throws BadRequest {
    int at = from;
    while (at < to && Ascii.isHost(bytes[at])) {
      at++;
    }
    // What nearly all requests have makes no object.
    if (at == from || !isPort(bytes, at, to)) {
      new HostRules(bytes, to, place).checkRest(from, at);
    }
  }

  // Nothing, or a colon and a number, which may be left out.
  private static boolean isPort(byte[] bytes, int from, int to) {
    if (from == to) {
      return true;
    }
    int port = 0;
    for (int at = from + 1; at < to; at++) {
      port = port * 10 + bytes[at] - '0';
      if (!Ascii.isDigit(bytes[at]) || port > MAX_PORT) {
        return false;
      }
    }
    return bytes[from] == ':';
  }

  // From what is no plain name on.
  private void checkRest(int from, int first) throws BadRequest {
    int at = first;
    if (from < to && bytes[from] == '[') {
      at = address(from + 1);
    } else {
      while (at < to && bytes[at] != ':') {
        at = hostOctet(at);
      }
      if (at == from) {
        throw BadRequest.of(place + " is empty");
      }
    }
    port(at);
  }

  private int hostOctet(int at) throws BadRequest {
    if (bytes[at] == '%' && at + 2 < to) {
      if (Ascii.isHexDigit(bytes[at + 1]) && Ascii.isHexDigit(bytes[at + 2])) {
        checkEncoded(Ascii.hexDigit(bytes[at + 1]) << 4 | Ascii.hexDigit(bytes[at + 2]));
        return at + 3;
      }
    }
    if (!Ascii.isHost(bytes[at])) {
      throw BadRequest.of(place + " holds " + Ascii.show(bytes[at]));
    }
    return at + 1;
  }

  // One that decodes it would find another host, a port or a path there, or a string's end.
  private void checkEncoded(int octet) throws BadRequest {
    if (octet < 128 && !Ascii.isHost((byte) octet)) {
      throw BadRequest.of(place + " holds an encoded " + Ascii.show((byte) octet));
    }
  }

  private void port(int from) throws BadRequest {
    if (!isPort(bytes, from, to)) {
      throw BadRequest.of(
          bytes[from] == ':'
              ? place + " has a port that is no number up to " + MAX_PORT
              : place + " holds " + Ascii.show(bytes[from]) + " after its address");
    }
  }

  // An IPv6 address; the form for addresses to come (IPvFuture) has no use yet.
  private int address(int from) throws BadRequest {
    int end = from;
    while (end < to && bytes[end] != ']') {
      end++;
    }
    if (end == to || !isIpv6(from, end)) {
      throw BadRequest.of(place + " has brackets around what is no IPv6 address");
    }
    return end + 1;
  }

  // Eight groups of one to four digits, of which one "::" may stand for some; the last two may be
  // written as an IPv4 address.
  private boolean isIpv6(int from, int end) {
    int groups = 0;
    boolean shortened = false;
    int at = from;
    while (at < end) {
      if (at + 1 < end && bytes[at] == ':' && bytes[at + 1] == ':') {
        if (shortened) {
          return false;
        }
        shortened = true;
        at += 2;
      } else if (at > from) {
        if (bytes[at] != ':') {
          return false;
        }
        at++;
      }
      if (at == end) {
        // Only "::" may end it.
        return bytes[end - 2] == ':' && groups < GROUPS;
      }
      int digits = hexDigits(at, end);
      if (at + digits < end && bytes[at + digits] == '.') {
        return isIpv4(at, end) && complete(groups + 2, shortened);
      }
      if (digits == 0 || digits > 4) {
        return false;
      }
      groups++;
      at += digits;
    }
    return complete(groups, shortened);
  }

  private static boolean complete(int groups, boolean shortened) {
    return shortened ? groups < GROUPS : groups == GROUPS;
  }

  private int hexDigits(int from, int end) {
    int at = from;
    while (at < end && Ascii.isHexDigit(bytes[at])) {
      at++;
    }
    return at - from;
  }

  private boolean isIpv4(int from, int end) {
    int at = from;
    for (int number = 0; number < 4; number++) {
      if (number > 0 && (at == end || bytes[at++] != '.')) {
        return false;
      }
      int value = 0;
      int first = at;
      while (at < end && Ascii.isDigit(bytes[at]) && at - first < 3) {
        value = value * 10 + bytes[at++] - '0';
      }
      if (at == first || value > 255) {
        return false;
      }
    }
    return at == end;
  }
}
