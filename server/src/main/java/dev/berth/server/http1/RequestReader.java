package dev.berth.server.http1;

import static dev.berth.server.http1.Ascii.CR;
import static dev.berth.server.http1.Ascii.LF;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds requests in the bytes that come, however they are split over reads. A head stays in the
 * buffer until the next is looked for, since {@link RequestHead} points into it; a body's bytes
 * pass through the room behind it.
 *
 * <pre>
 *   |  start … head … position  |  unread bytes …  end  |  room  |
 * </pre>
 *
 * Owned by the connection's virtual thread.
 */
final class RequestReader {
  private static final int ROOM_AT_FIRST = 8 * 1024;
  private static final int WORTH_KEEPING = 4 * ROOM_AT_FIRST;
  private static final int ROOM_FOR_BODY = 1024;
  private static final int LONGEST_REQUEST_LINE =
      HeadParser.MAX_METHOD + HeadParser.MAX_TARGET + " HTTP/1.1 \r".length();

  private final int headLimit;
  private final boolean responses;
  private final RequestHead head;
  private final LargeHeads heads;
  // What it takes among them.
  private int counted = ROOM_AT_FIRST;
  private boolean abandoned;
  private byte[] bytes = new byte[ROOM_AT_FIRST];
  private ByteBuffer view = ByteBuffer.wrap(bytes);
  private int start;
  private int position;
  private int end;
  // While looking for the end of a head: what has been looked at, where its last line begins, and
  // how many lines there were.
  private int scanned;
  private int lineStart;
  private int lines;
  private int requestLineLength;
  private boolean skippedEmptyLine;
  private boolean lineChecked;

  /**
   * @param headLimit the most bytes that a request line and its fields may have together
   * @param heads what all heads may take
   */
  RequestReader(int headLimit, LargeHeads heads) {
    this(headLimit, heads, false);
  }

  private RequestReader(int headLimit, LargeHeads heads, boolean responses) {
    this.headLimit = headLimit;
    this.heads = heads;
    this.responses = responses;
    this.head = new RequestHead(bytes);
  }

  /** One that reads what is answered to requests, whose heads differ in their first line alone. */
  static RequestReader ofResponses(int headLimit) {
    return new RequestReader(headLimit, LargeHeads.UNBOUNDED, true);
  }

  RequestHead head() {
    return head;
  }

  /** Begins the next request, with what has been read beyond the last one. */
  void next() {
    if (position == end) {
      clear();
      return;
    }
    start = position;
    scanFrom(start);
    skippedEmptyLine = false;
  }

  /** Forgets everything, for the next connection. */
  void clear() {
    head.forgetFields();
    if (bytes.length == ROOM_AT_FIRST) {
      count();
    } else {
      replace(new byte[ROOM_AT_FIRST]);
    }
    start = 0;
    position = 0;
    end = 0;
    scanFrom(0);
    skippedEmptyLine = false;
  }

  private void scanFrom(int place) {
    scanned = place;
    lineStart = place;
    lines = 0;
    lineChecked = false;
  }

  /** Takes bytes that were read elsewhere. */
  void put(ByteBuffer source) {
    int count = source.remaining();
    if (bytes.length - end < count) {
      replace(Arrays.copyOf(bytes, end + count));
    }
    source.get(bytes, end, count);
    end += count;
  }

  /**
   * How many bytes are in the buffer and belong to no request yet, or to a body that nobody has
   * read.
   */
  int buffered() {
    return end - position;
  }

  /** What has come of a head so far; {@link #put} begins from it again. */
  PartialHead partialHead() {
    return begun()
        ? new PartialHead(heads, Arrays.copyOfRange(bytes, start, end))
        : PartialHead.NONE;
  }

  /** Whether so much of a head has come that to copy it would cost more than it spares. */
  boolean begunLong() {
    return end - start >= WORTH_KEEPING;
  }

  /** Whether anything of a head has come. */
  boolean begun() {
    return end > start;
  }

  /**
   * Parses the head if all of it is in the buffer.
   *
   * @return whether it is; if not, more has to be read
   * @throws BadRequest as soon as it can't become a head, or has no room among all others
   */
  boolean parse() throws BadRequest {
    if (scanned == start && !responses && !beginsWell()) {
      return false;
    }
    for (int at = scanned; at < end; at++) {
      if (bytes[at] == LF) {
        if (at == start || bytes[at - 1] != CR) {
          throw BadRequest.of("a line ends with LF alone");
        }
        if (at - lineStart == 1) {
          position = at + 1;
          checkSize(position - start);
          parseHead();
          count();
          checkRoom();
          return true;
        }
        checkLine(at - 1);
        lineStart = at + 1;
        requestLineLength = lines++ == 0 ? lineStart - start : requestLineLength;
      }
    }
    scanned = end;
    checkSize(end - start);
    checkLine(end);
    checkRoom();
    if (lines > 0 && !lineChecked && !responses) {
      lineChecked = true;
      HeadParser.parseLine(head, start);
    }
    return false;
  }

  private void parseHead() throws BadRequest {
    if (responses) {
      HeadParser.parseResponse(head, start, position);
    } else {
      HeadParser.parse(head, start, position);
    }
  }

  // One empty line before a request is forgiven, as old clients send one after a body (RFC 9112,
  // 2.2).
  private boolean beginsWell() throws BadRequest {
    if (end > start && bytes[start] == CR && !skippedEmptyLine) {
      if (end - start == 1) {
        return false;
      }
      if (bytes[start + 1] == LF) {
        skippedEmptyLine = true;
        start += 2;
        scanFrom(start);
      }
    }
    if (end > start && !Ascii.isToken(bytes[start])) {
      throw BadRequest.of("a request can't begin with " + Ascii.show(bytes[start]));
    }
    return end > start;
  }

  private void checkSize(int size) throws BadRequest {
    if (size > headLimit && responses) {
      throw BadRequest.of("it is longer than " + headLimit + " bytes");
    }
    if (size > headLimit) {
      throw lines == 0 || requestLineLength > headLimit
          ? BadRequest.of(414, "the request line is longer than " + headLimit + " bytes")
          : BadRequest.of(431, "the request's head is longer than " + headLimit + " bytes");
    }
  }

  // What makes any head too long is refused before the rest of it has come.
  private void checkLine(int lineEnd) throws BadRequest {
    int length = lineEnd - lineStart;
    if (lines == 0 && !responses) {
      if (length > LONGEST_REQUEST_LINE) {
        throw HeadParser.longLine(bytes, start);
      }
    } else if (length > HeadParser.LONGEST_LINE) {
      throw HeadParser.longField();
    } else if (lines > HeadParser.MAX_FIELDS && length > 1) {
      throw HeadParser.manyFields();
    }
  }

  private void checkRoom() throws BadRequest {
    if (heads.refuses(counted)) {
      throw BadRequest.of(503, "this server has no room for one more head as long as this one");
    }
  }

  /** Counts no more, as it serves no other connection. */
  void abandon() {
    heads.resized(counted, 0);
    abandoned = true;
  }

  private void count() {
    if (abandoned) {
      return;
    }
    int now = bytes.length + head.indexBytes();
    heads.resized(counted, now);
    counted = now;
  }

  /** Reads what has come of a head, 0 if nothing has; -1 at the end. */
  int fill(Wire wire) throws IOException {
    makeRoom();
    view.limit(bytes.length).position(end);
    return filled(wire.readNow(view));
  }

  /** Whether the last read left room, so that it has taken all there was. */
  boolean hasRoom() {
    return end < bytes.length;
  }

  /**
   * Makes room for what comes next of a body. All that was buffered must have been taken.
   *
   * @return where it is to be put; {@link #filled} tells how much it was
   */
  ByteBuffer roomForBody(int headEnd) {
    position = headEnd;
    end = headEnd;
    if (bytes.length - end < ROOM_FOR_BODY) {
      replace(Arrays.copyOf(bytes, bytes.length + ROOM_AT_FIRST));
    }
    return view.limit(bytes.length).position(end);
  }

  /** Gives up what memory it can do without while more of a body is waited for. */
  void release(int headEnd) {
    if (buffered() == 0 && bytes.length > headEnd + ROOM_FOR_BODY) {
      replace(Arrays.copyOf(bytes, headEnd + ROOM_FOR_BODY));
    }
  }

  /** Takes note of what was read. Returns the same count. */
  int filled(int count) {
    if (count > 0) {
      end += count;
    }
    return count;
  }

  private void makeRoom() {
    if (end < bytes.length) {
      return;
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      scanned -= start;
      lineStart -= start;
      position = 0;
      end -= start;
      start = 0;
    } else {
      int enough = Math.max(headLimit + 1, bytes.length + ROOM_AT_FIRST);
      replace(Arrays.copyOf(bytes, Math.min(bytes.length * 2, enough)));
    }
  }

  private void replace(byte[] other) {
    bytes = other;
    view = ByteBuffer.wrap(other);
    head.bytes = other;
    count();
  }

  int position() {
    return position;
  }

  /** Takes one buffered byte of the body. */
  byte take() {
    return bytes[position++];
  }

  /** The buffered byte of the body so far ahead, which stays there. */
  byte ahead(int octets) {
    return bytes[position + octets];
  }

  /** Takes up to {@code most} buffered bytes of the body. */
  int take(ByteBuffer into, int most) {
    int count = Math.min(most, buffered());
    into.put(bytes, position, count);
    position += count;
    return count;
  }

  /** Passes so many buffered bytes of the body on. */
  void pass(OutputStream out, int count) throws IOException {
    position += count;
    out.write(bytes, position - count, count);
  }

  /** Skips up to {@code most} buffered bytes of the body. */
  int skip(long most) {
    int count = (int) Math.min(most, buffered());
    position += count;
    return count;
  }
}
