package dev.berth.server.http1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A request's content, taken out of its framing: a length, or {@link Chunks} (RFC 9112, 6 and 7.1).
 * Owned by the connection's virtual thread, and used again for its next request.
 */
final class BodyReader extends InputStream {
  // From here on, reading into the caller's array saves a copy.
  private static final int WORTH_READING_DIRECTLY = 2 * 1024;

  /** What there is to do when the client may be waited for. */
  interface Waiting {
    /** Before it is known whether: to send what is due, such as a 100. */
    void mayFollow() throws IOException;

    /**
     * As it begins: to send what else is due. Returns whether to do with as little memory as can
     * be, since many wait.
     */
    default boolean begins() throws IOException {
      return false;
    }
  }

  private final RequestReader reader;
  private final Waiting waiting;
  private final Wire wire;
  private final Chunks chunks = new Chunks(this);
  private int headEnd;
  private boolean chunked;
  private boolean ended;
  // What is wrong with the framing; empty if nothing is, as far as it has been read.
  private String fault = "";
  // Of the length or of the present chunk.
  private long remaining;

  BodyReader(RequestReader reader, Wire wire, Waiting waiting) {
    this.reader = reader;
    this.wire = wire;
    this.waiting = waiting;
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

  /** Whether it is known to have come, though it may not have been read. */
  boolean hasCome() {
    return ended() || (!chunked && remaining <= reader.buffered());
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
    return read(ByteBuffer.wrap(into, offset, length));
  }

  private int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int most = (int) Math.min(into.remaining(), remaining);
    int count;
    if (reader.buffered() > 0) {
      count = reader.take(into, most);
    } else if (most >= WORTH_READING_DIRECTLY) {
      into.limit(into.position() + most);
      count = receive(into);
    } else {
      fill();
      count = reader.take(into, most);
    }
    remaining -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long left = count;
    while (left > 0 && advance()) {
      long most = Math.min(remaining, left);
      int skipped = reader.buffered() > 0 ? reader.skip(most) : drop(most);
      remaining -= skipped;
      left -= skipped;
    }
    return Math.max(0, count) - Math.max(0, left);
  }

  private int drop(long most) throws IOException {
    waiting.mayFollow();
    int count = wire.readNow(reader.roomForBody(headEnd));
    if (count == 0) {
      await();
      return checkNotEnded(wire.skip((int) Math.min(most, Integer.MAX_VALUE)));
    }
    reader.filled(checkNotEnded(count));
    return reader.skip(most);
  }

  /**
   * Passes all that is left on; to a message's content without a copy of ours in between, at once
   * if its length is known and fits, else as it comes.
   */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    return pass(out, true);
  }

  /** Passes all that is left on as it comes, even if it is little. */
  void passAsItComes(OutputStream out) throws IOException {
    pass(out, false);
  }

  private long pass(OutputStream out, boolean gathers) throws IOException {
    if (!chunked && remaining <= reader.buffered()) {
      int all = (int) remaining;
      remaining = 0;
      ended = true;
      reader.pass(out, all);
      return all;
    }
    if (!(out instanceof BufferSink content)) {
      return super.transferTo(out);
    }
    ByteBuffer buffer = CopyBuffers.borrow(remaining);
    boolean whole = gathers && !chunked && remaining <= buffer.capacity();
    long sum = 0;
    try {
      while (!ended) {
        read(buffer.clear());
        while (whole && !ended && remaining > 0) {
          read(buffer.limit(buffer.capacity()));
        }
        sum += buffer.flip().remaining();
        content.write(buffer);
        advance();
      }
      return sum;
    } finally {
      CopyBuffers.giveBack(buffer);
    }
  }

  /** What has been read from the client already; of a chunk, once its size has come. */
  @Override
  public int available() throws IOException {
    if (chunked && !ended && remaining == 0 && chunks.nextHasCome()) {
      advance();
    }
    return ended ? 0 : (int) Math.min(remaining, reader.buffered());
  }

  private void fill() throws IOException {
    waiting.mayFollow();
    int count = wire.readNow(reader.roomForBody(headEnd));
    if (count == 0) {
      await();
      count = wire.read(reader.roomForBody(headEnd));
    }
    reader.filled(checkNotEnded(count));
  }

  private int receive(ByteBuffer into) throws IOException {
    waiting.mayFollow();
    int count = wire.readNow(into);
    if (count == 0) {
      await();
      count = wire.read(into);
    }
    return checkNotEnded(count);
  }

  private void await() throws IOException {
    if (waiting.begins()) {
      reader.release(headEnd);
    }
  }

  private int checkNotEnded(int count) throws IOException {
    if (count < 0) {
      throw malformed("the body ends before its length");
    }
    return count;
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

  /** The octet of the framing so far ahead, if it has come; otherwise NUL, which is none. */
  byte ahead(int octets) {
    return octets < reader.buffered() ? reader.ahead(octets) : 0;
  }

  /** Says what is wrong with the framing, and that nothing can be read from here on. */
  MalformedBody malformed(String sentence) {
    fault = sentence;
    return new MalformedBody(BadRequest.of(sentence));
  }
}
