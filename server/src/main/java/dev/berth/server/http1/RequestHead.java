package dev.berth.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A request's line and fields, as places in the buffer they were read into; a string is made when
 * one is asked for. Written by {@link HeadParser}, which has checked all of it. Owned by the
 * connection's virtual thread, and used again for its next request.
 */
final class RequestHead {
  private static final int FIELDS_AT_FIRST = 24;
  private static final int PLACES = 4;

  byte[] bytes;
  int methodStart;
  int methodEnd;
  int targetStart;
  int targetEnd;
  int minorVersion;

  // Of a response, which is read into the same places; it has no method and no target.
  int status;
  // Of an absolute target, its host and port; both 0 if it has none.
  int authorityStart;
  int authorityEnd;
  // Whether the authority stands for a Host that was not sent.
  boolean hostIsAuthority;

  // What the fields say about the message itself (RFC 9112, 6 and 9.3).
  boolean hasLength;
  long contentLength;
  boolean chunked;
  boolean close;
  boolean keepAlive;
  boolean upgrade;
  boolean expectsContinue;

  // Four places for each field: start and end of its name, start and end of its value.
  private int[] places = new int[FIELDS_AT_FIRST * PLACES];
  private int fields;

  RequestHead(byte[] bytes) {
    this.bytes = bytes;
  }

  void clear() {
    forgetMethod();
    authorityStart = 0;
    authorityEnd = 0;
    hostIsAuthority = false;
    hasLength = false;
    contentLength = 0;
    chunked = false;
    close = false;
    keepAlive = false;
    upgrade = false;
    expectsContinue = false;
    forgetFields();
  }

  /** Gives up what memory many fields have taken. */
  void forgetFields() {
    fields = 0;
    if (places.length > FIELDS_AT_FIRST * PLACES) {
      places = new int[FIELDS_AT_FIRST * PLACES];
    }
  }

  /** The memory that it takes for fields beyond the first few, in bytes. */
  int indexBytes() {
    return (places.length - FIELDS_AT_FIRST * PLACES) * Integer.BYTES;
  }

  /** Begins a request of which nothing is known yet. */
  void forgetMethod() {
    methodEnd = methodStart;
  }

  int fields() {
    return fields;
  }

  void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = fields * PLACES;
    if (at == places.length) {
      places = Arrays.copyOf(places, at * 2);
    }
    places[at] = nameStart;
    places[at + 1] = nameEnd;
    places[at + 2] = valueStart;
    places[at + 3] = valueEnd;
    fields++;
  }

  /** Gives a field another value, found elsewhere in the head. */
  void replace(int field, int valueStart, int valueEnd) {
    places[field * PLACES + 2] = valueStart;
    places[field * PLACES + 3] = valueEnd;
  }

  /**
   * Whether the connection outlives this request as far as the client is concerned (RFC 9112, 9.3).
   */
  boolean persistent() {
    return minorVersion == 0 ? keepAlive && !close : !close;
  }

  boolean isMethod(String method) {
    return methodEnd - methodStart == method.length() && matches(methodStart, method);
  }

  private boolean matches(int start, String text) {
    for (int at = 0; at < text.length(); at++) {
      if (bytes[start + at] != text.charAt(at)) {
        return false;
      }
    }
    return true;
  }

  String method() {
    // The two that nearly all requests have cost no string.
    return isMethod("GET") ? "GET" : isMethod("POST") ? "POST" : text(methodStart, methodEnd);
  }

  String path() {
    int from = pathStart();
    int to = queryMark();
    if (from < to) {
      return text(from, to);
    }
    // Of a URL without path: the root, or, for OPTIONS, the server as such (RFC 9112, 3.2.4).
    return to == targetEnd && isMethod("OPTIONS") ? "*" : "/";
  }

  Optional<String> query() {
    int mark = queryMark();
    return mark == targetEnd ? Optional.empty() : Optional.of(text(mark + 1, targetEnd));
  }

  private int pathStart() {
    return authorityEnd > 0 ? authorityEnd : targetStart;
  }

  private int queryMark() {
    for (int at = targetStart; at < targetEnd; at++) {
      if (bytes[at] == '?') {
        return at;
      }
    }
    return targetEnd;
  }

  Optional<String> header(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    for (int field = 0; field < fields; field++) {
      if (isNamed(field, lowerCase)) {
        return Optional.of(value(field));
      }
    }
    return isImplied(lowerCase) ? Optional.of(authority()) : Optional.empty();
  }

  private boolean isImplied(String lowerCase) {
    return hostIsAuthority && lowerCase.equals("host");
  }

  private String authority() {
    return text(authorityStart, authorityEnd);
  }

  List<String> headers(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    List<String> values = new ArrayList<>();
    for (int field = 0; field < fields; field++) {
      if (isNamed(field, lowerCase)) {
        values.add(value(field));
      }
    }
    if (isImplied(lowerCase)) {
      values.add(authority());
    }
    return values;
  }

  void forEachHeader(BiConsumer<? super String, ? super String> action) {
    for (int field = 0; field < fields; field++) {
      action.accept(text(places[field * PLACES], places[field * PLACES + 1]), value(field));
    }
    if (hostIsAuthority) {
      action.accept("Host", authority());
    }
  }

  private boolean isNamed(int field, String lowerCase) {
    return Ascii.equalsIgnoringCase(
        bytes, places[field * PLACES], places[field * PLACES + 1], lowerCase);
  }

  private String value(int field) {
    return text(places[field * PLACES + 2], places[field * PLACES + 3]);
  }

  /** The request target, as sent. */
  String target() {
    return text(targetStart, targetEnd);
  }

  /** The request line, for logs: what a parser has let through holds no control character. */
  String line() {
    return text(methodStart, targetEnd) + " HTTP/1." + minorVersion;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
