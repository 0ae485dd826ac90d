package dev.berth.server.http1;

import static dev.berth.server.http1.Ascii.CR;
import static dev.berth.server.http1.Ascii.LF;

import java.io.IOException;

/**
 * What stands around the content of a chunked body: sizes, extensions, which are checked and
 * dropped, and trailers (RFC 9112, 7.1). Takes its octets from the {@link BodyReader} that it
 * belongs to, and tells it what is malformed.
 */
final class Chunks {
  // Longer sizes could overflow what another parser counts with.
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_DIGITS_WITH_ZEROS = 32;
  // How much longer all extensions may be than all content.
  private static final int EXTENSIONS_AT_ONCE = 16 * 1024;
  private static final int MAX_TRAILERS = 8 * 1024;
  // What one takes beside its letters, so that thousands of a letter each don't.
  private static final int TRAILER_ITSELF = 100;

  private static final int LINE_END = 2;

  private final BodyReader body;
  private boolean first;
  private int roomForExtensions;
  private boolean afterBlank;
  private Trailers trailers = Trailers.NONE;

  Chunks(BodyReader body) {
    this.body = body;
  }

  void begin() {
    first = true;
    roomForExtensions = EXTENSIONS_AT_ONCE;
    trailers = Trailers.NONE;
  }

  /** The trailers, once the last chunk has been read. */
  Trailers trailers() {
    return trailers;
  }

  /** Whether the next chunk's size has come to its end, and isn't the last chunk's. */
  boolean nextHasCome() {
    int at = first ? 0 : LINE_END;
    while (body.ahead(at) == '0') {
      at++;
    }
    if (Ascii.hexDigit(body.ahead(at)) < 0) {
      return false;
    }
    while (body.ahead(at) != LF && body.ahead(at) != 0) {
      at++;
    }
    return body.ahead(at) == LF;
  }

  /** Reads what stands before a chunk's content: its size. After the last, which is 0, all else. */
  long next() throws IOException {
    if (!first) {
      if (body.octet() != CR || body.octet() != LF) {
        throw body.malformed("a chunk is longer than its size");
      }
    }
    first = false;
    long size = size();
    if (size == 0) {
      readTrailers();
    }
    roomForExtensions = (int) Math.min(EXTENSIONS_AT_ONCE, roomForExtensions + size);
    return size;
  }

  private long size() throws IOException {
    long size = 0;
    int digits = 0;
    byte octet = body.octet();
    for (int digit = Ascii.hexDigit(octet); digit >= 0; digit = Ascii.hexDigit(octet)) {
      boolean full = (size >>> (4 * (MAX_SIZE_DIGITS - 1))) != 0;
      if (full || ++digits > MAX_DIGITS_WITH_ZEROS) {
        throw body.malformed(
            "a chunk's size has more than "
                + MAX_SIZE_DIGITS
                + " digits, or "
                + MAX_DIGITS_WITH_ZEROS
                + " with the zeros before them");
      }
      size = size << 4 | digit;
      octet = body.octet();
    }
    if (digits == 0) {
      throw body.malformed("a chunk's size holds " + Ascii.show(octet));
    }
    if (octet != CR) {
      extensions(octet);
    }
    if (body.octet() != LF) {
      throw body.malformed("a chunk's size does not end with CR LF");
    }
    return size;
  }

  // *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ), and the CR after it
  private void extensions(byte afterSize) throws IOException {
    byte octet = pastBlanks(afterSize);
    if (octet != ';') {
      throw body.malformed("a chunk's size holds " + Ascii.show(afterSize));
    }
    while (octet == ';') {
      octet = pastBlanks(pastToken(pastBlanks(extensionOctet())));
      if (octet == '=') {
        octet = pastBlanks(extensionOctet());
        octet = pastBlanks(octet == '"' ? pastQuoted() : pastToken(octet));
      }
    }
    if (octet != CR || afterBlank) {
      throw badExtension(octet);
    }
  }

  private byte pastBlanks(byte from) throws IOException {
    byte octet = from;
    afterBlank = false;
    while (Ascii.isBlank(octet)) {
      afterBlank = true;
      octet = extensionOctet();
    }
    return octet;
  }

  private byte pastToken(byte from) throws IOException {
    if (!Ascii.isToken(from)) {
      throw badExtension(from);
    }
    byte octet = from;
    while (Ascii.isToken(octet)) {
      octet = extensionOctet();
    }
    return octet;
  }

  private byte pastQuoted() throws IOException {
    byte octet = extensionOctet();
    while (octet != '"') {
      if (octet == '\\') {
        octet = extensionOctet();
      }
      if (!Ascii.isFieldValue(octet)) {
        throw badExtension(octet);
      }
      octet = extensionOctet();
    }
    return extensionOctet();
  }

  private MalformedBody badExtension(byte octet) {
    return body.malformed("a chunk's extension holds " + Ascii.show(octet) + " in a wrong place");
  }

  private byte extensionOctet() throws IOException {
    if (--roomForExtensions < 0) {
      throw body.malformed("the chunks' extensions are longer than they may be");
    }
    return body.octet();
  }

  private void readTrailers() throws IOException {
    byte octet = body.octet();
    if (octet != CR) {
      trailers = new Trailers();
      int room = MAX_TRAILERS;
      while (octet != CR) {
        room = trailer(octet, room);
        octet = body.octet();
      }
    }
    if (body.octet() != LF) {
      throw body.malformed("the trailers do not end with CR LF");
    }
  }

  private int trailer(byte firstOctet, int roomBefore) throws IOException {
    int room = Math.max(0, roomBefore - TRAILER_ITSELF);
    StringBuilder line = new StringBuilder();
    byte octet = firstOctet;
    while (Ascii.isToken(octet)) {
      room = append(line, octet, room);
      octet = body.octet();
    }
    int nameEnd = line.length();
    if (octet != ':' || nameEnd == 0) {
      throw body.malformed("a trailer's name holds " + Ascii.show(octet));
    }
    octet = body.octet();
    while (Ascii.isFieldValue(octet)) {
      room = append(line, octet, room);
      octet = body.octet();
    }
    if (octet != CR || body.octet() != LF) {
      throw body.malformed("a trailer's value holds a control character");
    }
    trailers.add(line.substring(0, nameEnd), line.substring(nameEnd).strip());
    return room;
  }

  private int append(StringBuilder line, byte octet, int room) throws IOException {
    if (room == 0) {
      throw body.malformed(
          "the trailers are longer than %d bytes, each with %d for itself"
              .formatted(MAX_TRAILERS, TRAILER_ITSELF));
    }
    line.append((char) (octet & 0xff));
    return room - 1;
  }
}
