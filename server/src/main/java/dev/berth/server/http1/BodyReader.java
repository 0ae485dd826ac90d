package dev.berth.server.http1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A request's content, taken out of its framing: a length, or {@link Chunks} (RFC 9112, 6 and 7.1).
 * Owned by the connection's virtual thread, and used again for its next request.
 */
final class BodyReader extends InputStream {
  // From here on, reading into the caller's array saves a copy.
  private static final int WORTH_READING_DIRECTLY = 2 * 1024;

  /** What the reader has to do before it waits for the client: send what is due, such as a 100. */
  interface BeforeWaiting {
    void run() throws IOException;
  }

  private final RequestReader reader;
  private final BeforeWaiting beforeWaiting;
  private final Wire wire;
  private final Chunks chunks = new Chunks(this);
  private int headEnd;
  private boolean chunked;
  private boolean ended;
  // What is wrong with the framing; empty if nothing is, as far as it has been read.
  private String fault = "";
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
    chunks.begin();
    fault = "";
    ended = !chunked && remaining == 0;
  }

  /** Whether all of the content, and of its framing, has been read. */
  boolean ended() {
    return ended || (!chunked && remaining == 0);
  }

  boolean malformed() {
    return !fault.isEmpty();
  }

  /** Fails again as reading failed before, if it did. */
  void checkWellFormed() throws MalformedBody {
    if (malformed()) {
      throw malformed(fault);
    }
  }

  /** What came after the content, once all of it has been read. */
  Trailers trailers() {
    return chunks.trailers();
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
    long skipped = skip(bound);
    return skipped < bound || !advance();
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
  public long skip(long count) throws IOException {
    long left = count;
    while (left > 0 && advance()) {
      if (reader.buffered() == 0) {
        fill();
      }
      int skipped = reader.skip(Math.min(remaining, left));
      remaining -= skipped;
      left -= skipped;
    }
    return Math.max(0, count) - Math.max(0, left);
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
    checkWellFormed();
    if (!ended && remaining == 0) {
      remaining = chunked ? chunks.next() : 0;
      ended = remaining == 0;
    }
    return !ended;
  }

  /** The next octet of the framing. */
  byte octet() throws IOException {
    if (reader.buffered() == 0) {
      fill();
    }
    return reader.take();
  }

  /** Says what is wrong with the framing, and that nothing can be read from here on. */
  MalformedBody malformed(String sentence) {
    fault = sentence;
    return new MalformedBody(BadRequest.of(sentence));
  }
}
