package dev.berth.server.http1;

/**
 * What a request's target may look like (RFC 9112, 3.2): a path with or without a query, an http
 * URL, or {@code *} for OPTIONS.
 *
 * <p>Octets that a URL can't hold are refused rather than guessed at, and so are percent signs
 * without two digits, and encoded controls in a path, which no server means and one that decodes
 * them may take for a line's or a string's end.
 */
final class TargetRules {
  private final RequestHead head;
  private final byte[] bytes;
  private final int end;

  private TargetRules(RequestHead head) {
    this.head = head;
    this.bytes = head.bytes;
    this.end = head.targetEnd;
  }

  /** Checks the target of {@code head}, and notes where its authority is, if it has one. */
  static void check(RequestHead head) throws BadRequest {
    new TargetRules(head).check();
  }

  private void check() throws BadRequest {
    int at = head.targetStart;
    if (at == end) {
      throw BadRequest.of("the request line names no target");
    }
    if (bytes[at] == '*' && end - at == 1 && head.isMethod("OPTIONS")) {
      return;
    }
    if (bytes[at] != '/') {
      at = authority(at);
    }
    at = path(at);
    if (at < end && bytes[at] == '?') {
      query(at + 1);
    } else if (at < end) {
      throw held(at);
    }
  }

  private int authority(int start) throws BadRequest {
    boolean secured = startsWith(start, "https://");
    if (!secured && !startsWith(start, "http://")) {
      throw neither();
    }
    int from = start + (secured ? "https://" : "http://").length();
    int to = from;
    while (to < end && bytes[to] != '/' && bytes[to] != '?' && bytes[to] != '#') {
      to++;
    }
    if (to == from) {
      throw neither();
    }
    HostRules.check(bytes, from, to, "the target's host");
    if (secured) {
      // What is asked for over https must not be given without (RFC 9110, 7.4).
      throw BadRequest.of(421, "this connection is not secured, as an https URL needs it");
    }
    head.authorityStart = from;
    head.authorityEnd = to;
    return to;
  }

  private static BadRequest neither() {
    return BadRequest.of("the request target is neither a path nor an http URL");
  }

  private boolean startsWith(int from, String lowerCase) {
    return end - from >= lowerCase.length()
        && Ascii.equalsIgnoringCase(bytes, from, from + lowerCase.length(), lowerCase);
  }

  private int path(int from) throws BadRequest {
    int at = from;
    while (at < end && (Ascii.isPath(bytes[at]) || bytes[at] == '%')) {
      if (bytes[at] == '%') {
        int octet = encoded(at);
        if (octet < ' ' || octet == 127) {
          throw BadRequest.of("the request target's path holds an encoded control character");
        }
        at += 3;
      } else {
        at++;
      }
    }
    return at;
  }

  private void query(int from) throws BadRequest {
    int at = from;
    while (at < end) {
      if (bytes[at] == '%') {
        encoded(at);
        at += 3;
      } else if (Ascii.isQuery(bytes[at])) {
        at++;
      } else {
        throw held(at);
      }
    }
  }

  private int encoded(int at) throws BadRequest {
    if (at + 2 < end && Ascii.isHexDigit(bytes[at + 1]) && Ascii.isHexDigit(bytes[at + 2])) {
      return Ascii.hexDigit(bytes[at + 1]) << 4 | Ascii.hexDigit(bytes[at + 2]);
    }
    throw BadRequest.of("the request target has a % that two hexadecimal digits don't follow");
  }

  private BadRequest held(int at) {
    return BadRequest.of("the request target holds " + Ascii.show(bytes[at]));
  }
}
