package dev.berth.server.http1;

import static dev.berth.server.http1.Ascii.CR;
import static dev.berth.server.http1.Ascii.LF;
import static dev.berth.server.http1.Ascii.SP;

/**
 * Reads a whole request head, strictly: what two parsers could read differently is refused (RFC
 * 9112, 2 to 7 and 11.2). Two passes in one: the places of the fields, and what those that frame
 * the message mean.
 */
final class HeadParser {
  private static final int MAX_FIELDS = 2_000;
  // A length of 18 digits is an exabyte; longer ones could overflow what others count with.
  private static final int MAX_LENGTH_DIGITS = 18;

  private final byte[] bytes;
  private final RequestHead head;
  private int at;
  private int hosts;
  private boolean coded;

  private HeadParser(RequestHead head, int from) {
    this.head = head;
    this.bytes = head.bytes;
    this.at = from;
  }

  /**
   * Parses {@code head.bytes[from, to)}: a request line, fields, and the empty line, of which is
   * known that each LF in it follows a CR and that it ends with CR LF CR LF.
   */
  static void parse(RequestHead head, int from, int to) throws BadRequest {
    head.clear();
    HeadParser parser = new HeadParser(head, from);
    parser.requestLine();
    while (parser.at < to - 2) {
      parser.field();
    }
    parser.checkFraming();
  }

  private void requestLine() throws BadRequest {
    head.methodStart = at;
    while (Ascii.isToken(bytes[at])) {
      at++;
    }
    head.methodEnd = at;
    if (head.methodEnd == head.methodStart || bytes[at] != SP) {
      throw BadRequest.of("the method holds " + Ascii.show(bytes[at]));
    }
    head.targetStart = ++at;
    while (Ascii.isTarget(bytes[at])) {
      at++;
    }
    head.targetEnd = at;
    if (bytes[at] != SP) {
      throw BadRequest.of(
          bytes[at] == CR
              ? "the request line names no version"
              : "the request target holds " + Ascii.show(bytes[at]));
    }
    at++;
    version();
    target();
  }

  private void version() throws BadRequest {
    boolean wellFormed =
        bytes[at] == 'H'
            && bytes[at + 1] == 'T'
            && bytes[at + 2] == 'T'
            && bytes[at + 3] == 'P'
            && bytes[at + 4] == '/'
            && Ascii.isDigit(bytes[at + 5])
            && bytes[at + 6] == '.'
            && Ascii.isDigit(bytes[at + 7])
            && bytes[at + 8] == CR
            && bytes[at + 9] == LF;
    if (!wellFormed) {
      throw BadRequest.of("the version of the request line is not HTTP/1.1 or HTTP/1.0");
    }
    if (bytes[at + 5] != '1') {
      throw BadRequest.of(505, "this server speaks HTTP/1.1 and HTTP/1.0");
    }
    head.minorVersion = Math.min(1, bytes[at + 7] - '0');
    at += 10;
  }

  // RFC 9112, 3.2: origin-form, absolute-form, and asterisk-form for OPTIONS. Authority-form is
  // CONNECT's.
  private void target() throws BadRequest {
    int start = head.targetStart;
    int end = head.targetEnd;
    if (head.isMethod("CONNECT")) {
      throw BadRequest.of(501, "this server opens no tunnels");
    }
    if (start == end) {
      throw BadRequest.of("the request line names no target");
    }
    if (bytes[start] == '/'
        || (bytes[start] == '*' && end - start == 1 && head.isMethod("OPTIONS"))) {
      return;
    }
    int authority =
        startsWith(start, end, "http://")
            ? start + 7
            : startsWith(start, end, "https://") ? start + 8 : end;
    int to = authority;
    while (to < end && bytes[to] != '/' && bytes[to] != '?') {
      if (!Ascii.isHost(bytes[to])) {
        throw BadRequest.of("the target's host holds " + Ascii.show(bytes[to]));
      }
      to++;
    }
    if (to == authority) {
      throw BadRequest.of("the request target is neither a path nor an http URL");
    }
  }

  private boolean startsWith(int from, int to, String lowerCase) {
    return to - from >= lowerCase.length()
        && Ascii.equalsIgnoringCase(bytes, from, from + lowerCase.length(), lowerCase);
  }

  private void field() throws BadRequest {
    int nameStart = at;
    if (Ascii.isBlank(bytes[at])) {
      throw BadRequest.of("a field is folded over two lines");
    }
    while (Ascii.isToken(bytes[at])) {
      at++;
    }
    int nameEnd = at;
    if (bytes[at] != ':' || nameEnd == nameStart) {
      throw BadRequest.of(
          Ascii.isBlank(bytes[at])
              ? "there is whitespace between a field's name and its colon"
              : "a field's name holds " + Ascii.show(bytes[at]));
    }
    at++;
    while (Ascii.isBlank(bytes[at])) {
      at++;
    }
    int valueStart = at;
    while (Ascii.isFieldValue(bytes[at])) {
      at++;
    }
    int valueEnd = at;
    if (bytes[at] != CR || bytes[at + 1] != LF) {
      throw BadRequest.of("a field's value holds " + Ascii.show(bytes[at]));
    }
    at += 2;
    while (valueEnd > valueStart && Ascii.isBlank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    if (head.fields() == MAX_FIELDS) {
      throw BadRequest.of(431, "the request has more than " + MAX_FIELDS + " fields");
    }
    head.add(nameStart, nameEnd, valueStart, valueEnd);
    meaning(nameStart, nameEnd, valueStart, valueEnd);
  }

  private void meaning(int nameStart, int nameEnd, int from, int to) throws BadRequest {
    switch (nameEnd - nameStart) {
      case 4 -> {
        if (isName(nameStart, nameEnd, "host")) {
          host(from, to);
        }
      }
      case 6 -> {
        if (isName(nameStart, nameEnd, "expect")) {
          expect(from, to);
        }
      }
      case 10 -> {
        if (isName(nameStart, nameEnd, "connection")) {
          connection(from, to);
        }
      }
      case 14 -> {
        if (isName(nameStart, nameEnd, "content-length")) {
          contentLength(from, to);
        }
      }
      case 17 -> {
        if (isName(nameStart, nameEnd, "transfer-encoding")) {
          transferEncoding(from, to);
        }
      }
      default -> {}
    }
  }

  private boolean isName(int from, int to, String lowerCase) {
    return Ascii.equalsIgnoringCase(bytes, from, to, lowerCase);
  }

  private void host(int from, int to) throws BadRequest {
    if (hosts++ > 0) {
      throw BadRequest.of("there is more than one Host");
    }
    for (int octet = from; octet < to; octet++) {
      if (!Ascii.isHost(bytes[octet])) {
        throw BadRequest.of("Host holds " + Ascii.show(bytes[octet]));
      }
    }
  }

  private void expect(int from, int to) throws BadRequest {
    if (!Ascii.equalsIgnoringCase(bytes, from, to, "100-continue")) {
      throw BadRequest.of(417, "the only expectation this server meets is 100-continue");
    }
    // An HTTP/1.0 client can't mean it (RFC 9110, 10.1.1).
    head.expectsContinue = head.minorVersion > 0;
  }

  private void connection(int from, int to) {
    int start = from;
    while (start < to) {
      int end = elementEnd(start, to);
      int trimmed = trimmedEnd(start, end);
      int first = trimmedStart(start, trimmed);
      head.close |= Ascii.equalsIgnoringCase(bytes, first, trimmed, "close");
      head.keepAlive |= Ascii.equalsIgnoringCase(bytes, first, trimmed, "keep-alive");
      head.upgrade |= Ascii.equalsIgnoringCase(bytes, first, trimmed, "upgrade");
      start = end + 1;
    }
  }

  private int elementEnd(int from, int to) {
    int end = from;
    while (end < to && bytes[end] != ',') {
      end++;
    }
    return end;
  }

  private int trimmedStart(int from, int to) {
    int start = from;
    while (start < to && Ascii.isBlank(bytes[start])) {
      start++;
    }
    return start;
  }

  private int trimmedEnd(int from, int to) {
    int end = to;
    while (end > from && Ascii.isBlank(bytes[end - 1])) {
      end--;
    }
    return end;
  }

  private void contentLength(int from, int to) throws BadRequest {
    if (head.hasLength) {
      throw BadRequest.of("there is more than one Content-Length");
    }
    if (from == to || to - from > MAX_LENGTH_DIGITS) {
      throw BadRequest.of("Content-Length is no number of 1 to " + MAX_LENGTH_DIGITS + " digits");
    }
    long length = 0;
    for (int digit = from; digit < to; digit++) {
      if (!Ascii.isDigit(bytes[digit])) {
        throw BadRequest.of("Content-Length holds " + Ascii.show(bytes[digit]));
      }
      length = length * 10 + (bytes[digit] - '0');
    }
    head.hasLength = true;
    head.contentLength = length;
  }

  private void transferEncoding(int from, int to) throws BadRequest {
    coded = true;
    if (from == to) {
      throw BadRequest.of("Transfer-Encoding is empty");
    }
    int start = from;
    while (start <= to) {
      int end = elementEnd(start, to);
      int trimmed = trimmedEnd(start, end);
      boolean isChunked =
          Ascii.equalsIgnoringCase(bytes, trimmedStart(start, trimmed), trimmed, "chunked");
      if (head.chunked) {
        throw BadRequest.of("a transfer coding follows chunked");
      }
      if (!isChunked) {
        throw BadRequest.of(501, "the only transfer coding this server knows is chunked");
      }
      head.chunked = true;
      start = end + 1;
    }
  }

  private void checkFraming() throws BadRequest {
    if (hosts == 0 && head.minorVersion > 0) {
      throw BadRequest.of("an HTTP/1.1 request has to name its Host");
    }
    if (coded && head.hasLength) {
      throw BadRequest.of("there is both a Content-Length and a Transfer-Encoding");
    }
    if (coded && head.minorVersion == 0) {
      throw BadRequest.of("HTTP/1.0 has no Transfer-Encoding");
    }
  }
}
