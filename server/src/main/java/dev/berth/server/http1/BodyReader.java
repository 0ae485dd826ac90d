package dev.berth.server.http1;

import static dev.berth.server.http1.Ascii.CR;
import static dev.berth.server.http1.Ascii.LF;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A request's content, taken out of its framing: a length, or chunks whose extensions and trailers
 * are checked and dropped (RFC 9112, 6 and 7.1). Owned by the connection's virtual thread, and used
 * again for its next request.
 */
final class BodyReader extends InputStream {
  // Longer sizes could overflow what another parser counts with.
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_LINE = 4 * 1024;
  private static final int MAX_TRAILERS = 64 * 1024;
  // From here on, reading into the caller's array saves a copy.
  private static final int WORTH_READING_DIRECTLY = 2 * 1024;

  /** What the reader has to do before it waits for the client: send what is due, such as a 100. */
  interface BeforeWaiting {
    void run() throws IOException;
  }

  private final RequestReader reader;
  private final BeforeWaiting beforeWaiting;
  private final Wire wire;
  private int headEnd;
  private boolean chunked;
  private boolean firstChunk;
  private boolean ended;
  private boolean malformed;
  // Of the length or of the present chunk.
  private long remaining;

  BodyReader(RequestReader reader, Wire wire, BeforeWaiting beforeWaiting) {
    this.reader = reader;
    this.wire = wire;
    this.beforeWaiting = beforeWaiting;
  }

  void begin(RequestHead head) {
    headEnd = reader.position();
    chunked = head.chunked;
    remaining = head.contentLength;
    firstChunk = true;
    malformed = false;
    ended = !chunked && remaining == 0;
  }

  /** Whether all of the content, and of its framing, has been read. */
  boolean ended() {
    return ended;
  }

  boolean malformed() {
    return malformed;
  }

  /**
   * Whether more than {@code bound} bytes are known to be left, so that reading on isn't worth it.
   */
  boolean isLongerThan(long bound) {
    return !ended && remaining > bound;
  }

  /**
   * Reads up to {@code bound} bytes that nobody wanted, so that the next request can begin.
   *
   * @return whether the content ended within it
   */
  boolean discard(long bound) throws IOException {
    long left = bound;
    while (advance() && left > 0) {
      if (reader.buffered() == 0) {
        fill();
      }
      int count = reader.skip(Math.min(remaining, left));
      remaining -= count;
      left -= count;
    }
    return ended;
  }

  @Override
  public int read() throws IOException {
    if (!advance()) {
      return -1;
    }
    if (reader.buffered() == 0) {
      fill();
    }
    remaining--;
    return reader.take() & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int most = (int) Math.min(length, remaining);
    int count;
    if (reader.buffered() > 0) {
      count = reader.take(into, offset, most);
    } else if (most >= WORTH_READING_DIRECTLY) {
      beforeWaiting.run();
      count = wire.read(ByteBuffer.wrap(into, offset, most));
      checkNotEnded(count);
    } else {
      fill();
      count = reader.take(into, offset, most);
    }
    remaining -= count;
    return count;
  }

  @Override
  public int available() {
    return ended ? 0 : (int) Math.min(remaining, reader.buffered());
  }

  private void fill() throws IOException {
    beforeWaiting.run();
    checkNotEnded(reader.fillBody(wire, headEnd));
  }

  private void checkNotEnded(int count) throws IOException {
    if (count < 0) {
      throw malformed("the body ends before its length");
    }
  }

  /** Goes to where content is: whether there is any. */
  private boolean advance() throws IOException {
    if (malformed) {
      throw malformed("the body is malformed");
    }
    if (!ended && remaining == 0) {
      if (chunked) {
        nextChunk();
      } else {
        ended = true;
      }
    }
    return !ended;
  }

  private void nextChunk() throws IOException {
    if (!firstChunk) {
      expectLineEnd("a chunk is longer than its size");
    }
    firstChunk = false;
    remaining = chunkSize();
    if (remaining == 0) {
      trailers();
      ended = true;
    }
  }

  private long chunkSize() throws IOException {
    long size = 0;
    int digits = 0;
    byte octet = octet();
    for (int digit = hexDigit(octet); digit >= 0; digit = hexDigit(octet)) {
      if (++digits > MAX_SIZE_DIGITS) {
        throw malformed("a chunk's size has more than " + MAX_SIZE_DIGITS + " digits");
      }
      size = size << 4 | digit;
      octet = octet();
    }
    if (digits == 0 || (octet != CR && octet != ';')) {
      throw malformed("a chunk's size holds " + Ascii.show(octet));
    }
    restOfLine(octet);
    return size;
  }

  private static int hexDigit(byte octet) {
    return octet < 0 ? -1 : Character.digit((char) octet, 16);
  }

  // A chunk's extensions mean nothing to us, but their octets must be ones that can't hide a line's
  // end.
  private void restOfLine(byte first) throws IOException {
    byte octet = first;
    int length = 0;
    while (octet != CR) {
      if (!Ascii.isFieldValue(octet)) {
        throw malformed("a chunk's extension holds " + Ascii.show(octet));
      }
      if (++length > MAX_LINE) {
        throw malformed("a chunk's extensions are longer than " + MAX_LINE + " bytes");
      }
      octet = octet();
    }
    if (octet() != LF) {
      throw malformed("a chunk's size does not end with CR LF");
    }
  }

  private void expectLineEnd(String otherwise) throws IOException {
    if (octet() != CR || octet() != LF) {
      throw malformed(otherwise);
    }
  }

  private void trailers() throws IOException {
    int length = 0;
    byte octet = octet();
    while (octet != CR) {
      length = trailerName(octet, length);
      length = trailerValue(length);
      octet = octet();
    }
    if (octet() != LF) {
      throw malformed("the trailers do not end with CR LF");
    }
  }

  private int trailerName(byte first, int lengthBefore) throws IOException {
    byte octet = first;
    int length = lengthBefore;
    while (Ascii.isToken(octet)) {
      length = longer(length);
      octet = octet();
    }
    if (octet != ':' || length == lengthBefore) {
      throw malformed("a trailer's name holds " + Ascii.show(octet));
    }
    return length;
  }

  private int trailerValue(int lengthBefore) throws IOException {
    int length = lengthBefore;
    byte octet = octet();
    while (Ascii.isFieldValue(octet)) {
      length = longer(length);
      octet = octet();
    }
    if (octet != CR || octet() != LF) {
      throw malformed("a trailer's value holds a control character");
    }
    return length;
  }

  private int longer(int length) throws IOException {
    if (length == MAX_TRAILERS) {
      throw malformed("the trailers are longer than " + MAX_TRAILERS + " bytes");
    }
    return length + 1;
  }

  private byte octet() throws IOException {
    if (reader.buffered() == 0) {
      fill();
    }
    return reader.take();
  }

  private MalformedBody malformed(String sentence) {
    malformed = true;
    return new MalformedBody(BadRequest.of(sentence));
  }
}
