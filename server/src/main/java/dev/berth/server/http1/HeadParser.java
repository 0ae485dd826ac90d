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
  // RFC 9112, 3 recommends 8,000 bytes at least for a request line; the longest method in use has
  // 18.
  static final int MAX_TARGET = 16 * 1024;
  static final int MAX_METHOD = 64;
  private static final int MAX_FIELD = 64 * 1024;
  static final int MAX_FIELDS = 2_000;

  /** What a field's line may have at most, its CR and the blanks around its value included. */
  static final int LONGEST_LINE = MAX_FIELD + 2;

  // A length of 18 digits is an exabyte; longer ones could overflow what others count with.
  private static final int MAX_LENGTH_DIGITS = 18;

  private final byte[] bytes;
  private final RequestHead head;
  private int at;
  // The place of Host among the fields; negative if there is none.
  private int host = -1;
  private boolean typed;
  private boolean coded;
  private boolean unknownCoding;
  // Whether the message is a response, in which Host and Expect mean nothing.
  private boolean response;

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
    parser.fields(to);
    parser.checkFraming();
  }

  /**
   * Parses the request line that begins at {@code from} and is known to end, so that one that can
   * only be refused is refused before the fields have come.
   */
  static void parseLine(RequestHead head, int from) throws BadRequest {
    head.clear();
    new HeadParser(head, from).requestLine();
  }

  /** Parses a response's head, as strictly: of its bytes is known what {@link #parse} says. */
  static void parseResponse(RequestHead head, int from, int to) throws BadRequest {
    head.clear();
    HeadParser parser = new HeadParser(head, from);
    parser.response = true;
    parser.statusLine();
    parser.fields(to);
    if (parser.coded) {
      parser.checkCoding();
    }
  }

  // HTTP-version SP 3DIGIT [ SP reason ] (RFC 9112, 4); the last space is left out by some.
  private void statusLine() throws BadRequest {
    boolean wellFormed = startsWithVersion() && bytes[at + 8] == SP;
    int status = 0;
    for (int digit = at + 9; wellFormed && digit < at + 12; digit++) {
      wellFormed = Ascii.isDigit(bytes[digit]);
      status = status * 10 + bytes[digit] - '0';
    }
    if (!wellFormed || bytes[at + 5] != '1') {
      throw BadRequest.of("it does not begin with HTTP/1.1 or HTTP/1.0 and a status");
    }
    if (status < 100 || status > 599) {
      throw BadRequest.of("there is no status " + status);
    }
    head.status = status;
    head.minorVersion = Math.min(1, bytes[at + 7] - '0');
    at += 12;
    if (bytes[at] == SP) {
      at++;
      while (Ascii.isFieldValue(bytes[at])) {
        at++;
      }
    }
    if (bytes[at] != CR || bytes[at + 1] != LF) {
      throw BadRequest.of("the status line holds " + Ascii.show(bytes[at]));
    }
    at += 2;
  }

  // Stops at what ends the line, so it reads nothing beyond the head.
  private boolean startsWithVersion() {
    return bytes[at] == 'H'
        && bytes[at + 1] == 'T'
        && bytes[at + 2] == 'T'
        && bytes[at + 3] == 'P'
        && bytes[at + 4] == '/'
        && Ascii.isDigit(bytes[at + 5])
        && bytes[at + 6] == '.'
        && Ascii.isDigit(bytes[at + 7]);
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
    if (head.methodEnd - head.methodStart > MAX_METHOD) {
      throw longMethod();
    }
    head.targetStart = ++at;
    while (Ascii.isPath(bytes[at])) {
      at++;
    }
    boolean plain = bytes[at] == SP && bytes[head.targetStart] == '/';
    while (Ascii.isVisible(bytes[at])) {
      at++;
    }
    head.targetEnd = at;
    if (bytes[at] != SP) {
      throw BadRequest.of(
          bytes[at] == CR && bytes[at + 1] == LF
              ? "the request line names no version"
              : "the request target holds " + Ascii.show(bytes[at]));
    }
    if (at - head.targetStart > MAX_TARGET) {
      throw longTarget();
    }
    at++;
    version();
    if (head.isMethod("CONNECT")) {
      throw BadRequest.of(501, "this server opens no tunnels");
    }
    if (!plain) {
      TargetRules.check(head);
    }
  }

  private void version() throws BadRequest {
    if (!startsWithVersion() || bytes[at + 8] != CR || bytes[at + 9] != LF) {
      throw BadRequest.of("the version of the request line is not HTTP/1.1 or HTTP/1.0");
    }
    if (bytes[at + 5] != '1') {
      throw BadRequest.of(505, "this server speaks HTTP/1.1 and HTTP/1.0");
    }
    head.minorVersion = Math.min(1, bytes[at + 7] - '0');
    at += 10;
  }

  private void fields(int to) throws BadRequest {
    checkNotFolded();
    while (at < to - 2) {
      field();
    }
  }

  private void field() throws BadRequest {
    int nameStart = at;
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
    checkNotFolded();
    while (valueEnd > valueStart && Ascii.isBlank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    if (valueEnd - nameStart > MAX_FIELD) {
      throw longField();
    }
    if (head.fields() == MAX_FIELDS) {
      throw manyFields();
    }
    head.add(nameStart, nameEnd, valueStart, valueEnd);
    meaning(nameStart, nameEnd, valueStart, valueEnd);
  }

  private static BadRequest longMethod() {
    return BadRequest.of(501, "no method has more than " + MAX_METHOD + " letters");
  }

  /** What is wrong with a request line from there on that is too long, though it hasn't ended. */
  static BadRequest longLine(byte[] bytes, int from) {
    int at = from;
    while (at <= from + MAX_METHOD && bytes[at] != SP) {
      at++;
    }
    return at > from + MAX_METHOD ? longMethod() : longTarget();
  }

  private static BadRequest longTarget() {
    return BadRequest.of(414, "the request target is longer than " + MAX_TARGET + " bytes");
  }

  static BadRequest longField() {
    return BadRequest.of(431, "a field is longer than " + MAX_FIELD + " bytes");
  }

  static BadRequest manyFields() {
    return BadRequest.of(431, "there are more than " + MAX_FIELDS + " fields");
  }

  private void checkNotFolded() throws BadRequest {
    if (Ascii.isBlank(bytes[at])) {
      throw BadRequest.of("a field is folded over two lines");
    }
  }

  private void meaning(int nameStart, int nameEnd, int from, int to) throws BadRequest {
    switch (nameEnd - nameStart) {
      case 4 -> {
        if (!response && isName(nameStart, nameEnd, "host")) {
          host(from, to);
        }
      }
      case 6 -> {
        if (!response && isName(nameStart, nameEnd, "expect")) {
          expect(from, to);
        }
      }
      case 10 -> {
        if (isName(nameStart, nameEnd, "connection")) {
          connection(from, to);
        }
      }
      case 12 -> {
        if (!response && isName(nameStart, nameEnd, "content-type")) {
          contentType();
        }
      }
      case 14 -> {
        if (isName(nameStart, nameEnd, "content-length")) {
          contentLength(from, to);
        } else if (isName(nameStart, nameEnd, "content_length")) {
          throw lookalike("Content-Length");
        }
      }
      case 17 -> {
        if (isName(nameStart, nameEnd, "transfer-encoding")) {
          transferEncoding(from, to);
        } else if (isName(nameStart, nameEnd, "transfer_encoding")) {
          throw lookalike("Transfer-Encoding");
        }
      }
      default -> {}
    }
  }

  private boolean isName(int from, int to, String lowerCase) {
    return Ascii.equalsIgnoringCase(bytes, from, to, lowerCase);
  }

  // Some servers take an underscore for a hyphen, as CGI does.
  private static BadRequest lookalike(String name) {
    return BadRequest.of("there is a field that looks like " + name + " but has an underscore");
  }

  private void host(int from, int to) throws BadRequest {
    if (host >= 0) {
      throw BadRequest.of("there is more than one Host");
    }
    HostRules.check(bytes, from, to, "Host");
    host = head.fields() - 1;
  }

  // Some take the first of two, some the last (RFC 9110, 8.3).
  private void contentType() throws BadRequest {
    if (typed) {
      throw BadRequest.of("there is more than one Content-Type");
    }
    typed = true;
  }

  private void expect(int from, int to) throws BadRequest {
    if (head.minorVersion == 0) {
      // An HTTP/1.0 client can't mean it (RFC 9110, 10.1.1).
      return;
    }
    int start = from;
    while (start < to) {
      int end = elementEnd(start, to);
      int trimmed = trimmedEnd(start, end);
      int first = trimmedStart(start, trimmed);
      if (Ascii.equalsIgnoringCase(bytes, first, trimmed, "100-continue")) {
        head.expectsContinue = true;
      } else if (first < trimmed) {
        throw BadRequest.of(417, "the only expectation this server meets is 100-continue");
      }
      start = end + 1;
    }
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
    if (bytes[from] == '0' && to - from > 1) {
      throw BadRequest.of("Content-Length begins with 0, which some read as octal");
    }
    head.hasLength = true;
    head.contentLength = length;
  }

  // One coding, chunked, and nothing that another parser might overlook: no empty element, no
  // parameter of chunked, no quotes.
  private void transferEncoding(int from, int to) throws BadRequest {
    coded = true;
    int start = from;
    while (start <= to) {
      int end = elementEnd(start, to);
      int trimmed = trimmedEnd(start, end);
      int first = trimmedStart(start, trimmed);
      if (head.chunked) {
        throw BadRequest.of("a transfer coding follows chunked");
      }
      coding(first, trimmed);
      head.chunked = Ascii.equalsIgnoringCase(bytes, first, trimmed, "chunked");
      unknownCoding |= !head.chunked;
      start = end + 1;
    }
  }

  private void coding(int from, int to) throws BadRequest {
    if (from == to) {
      throw BadRequest.of("a transfer coding is empty");
    }
    int end = pastToken(from, to);
    if (end > from && !Ascii.equalsIgnoringCase(bytes, from, end, "chunked")) {
      end = pastParameters(end, to);
    }
    if (end < to) {
      throw BadRequest.of("a transfer coding holds " + Ascii.show(bytes[end]));
    }
  }

  private int pastToken(int from, int to) {
    int end = from;
    while (end < to && Ascii.isToken(bytes[end])) {
      end++;
    }
    return end;
  }

  // Of a coding that is refused as one that isn't known; what they are makes no difference.
  private int pastParameters(int from, int to) {
    int end = trimmedStart(from, to);
    if (end == to || bytes[end] != ';') {
      return from;
    }
    while (end < to
        && (Ascii.isToken(bytes[end]) || Ascii.isBlank(bytes[end]) || contains(";=", bytes[end]))) {
      end++;
    }
    return end;
  }

  private static boolean contains(String octets, byte octet) {
    return octets.indexOf(octet) >= 0;
  }

  private void checkFraming() throws BadRequest {
    if (host < 0 && head.minorVersion > 0) {
      throw BadRequest.of("an HTTP/1.1 request has to name its Host");
    }
    if (head.authorityEnd > 0) {
      // An absolute target overrules it, or stands for one that HTTP/1.0 left out (RFC 9112,
      // 3.2.2).
      if (host >= 0) {
        head.replace(host, head.authorityStart, head.authorityEnd);
      } else {
        head.hostIsAuthority = true;
      }
    }
    if (coded) {
      checkCoding();
    }
  }

  private void checkCoding() throws BadRequest {
    if (head.hasLength) {
      throw BadRequest.of("there is both a Content-Length and a Transfer-Encoding");
    }
    if (head.minorVersion == 0) {
      throw BadRequest.of("HTTP/1.0 has no Transfer-Encoding");
    }
    if (!head.chunked) {
      throw BadRequest.of("the last transfer coding is not chunked, so the body has no known end");
    }
    if (unknownCoding) {
      throw BadRequest.of(501, "the only transfer coding this server knows is chunked");
    }
  }
}
