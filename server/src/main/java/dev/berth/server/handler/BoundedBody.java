package dev.berth.server.handler;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Content that is refused with 413 when it turns out to be longer than it may. */
final class BoundedBody extends FilterInputStream {
  private final long atMost;
  private long left;

  private BoundedBody(InputStream body, long atMost) {
    super(body);
    this.atMost = atMost;
    this.left = atMost;
  }

  /** The request's content, refused at once if its Content-Length says that it is too long. */
  static InputStream of(Request request, long atMost) {
    if (request.header("Content-Length").filter(length -> isMore(length, atMost)).isPresent()) {
      throw tooLong(atMost);
    }
    return new BoundedBody(request.body(), atMost);
  }

  private static boolean isMore(String length, long atMost) {
    try {
      return Long.parseLong(length) > atMost;
    } catch (NumberFormatException inPieces) {
      // Such as "5, 5": then it is counted.
      return false;
    }
  }

  private static StatusException tooLong(long atMost) {
    return new StatusException(413, "the content may have " + atMost + " bytes at most");
  }

  @Override
  public int read() throws IOException {
    int octet = super.read();
    count(octet < 0 ? 0 : 1);
    return octet;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    count(Math.max(0, count));
    return count;
  }

  @Override
  public long skip(long most) throws IOException {
    long count = super.skip(most);
    count(count);
    return count;
  }

  private void count(long read) {
    left -= read;
    if (left < 0) {
      throw tooLong(atMost);
    }
  }
}
