package dev.berth.server.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A response's content as a handler writes it: held back until a buffer is full, so that short
 * content gets a length and long content few chunks. Owned by the connection's virtual thread.
 */
final class ContentStream extends OutputStream implements BufferSink {
  private static final int ROOM = 8 * 1024;
  private static final byte[] NONE = new byte[0];

  private final ResponseWriter response;
  // Made when first written to: most responses are not streamed.
  private byte[] buffer = NONE;
  private int held;
  private boolean closed;

  ContentStream(ResponseWriter response) {
    this.response = response;
  }

  void begin() {
    held = 0;
    closed = false;
  }

  int held() {
    return held;
  }

  @Override
  public void write(int octet) throws IOException {
    checkOpen();
    ensureBuffer();
    if (held == ROOM) {
      release();
    }
    buffer[held++] = (byte) octet;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    checkOpen();
    ensureBuffer();
    if (length > ROOM - held) {
      release();
    }
    if (length >= ROOM) {
      response.send(ByteBuffer.wrap(bytes, offset, length));
    } else {
      System.arraycopy(bytes, offset, buffer, held, length);
      held += length;
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    checkOpen();
    release();
    response.send(bytes);
  }

  private void ensureBuffer() {
    if (buffer.length == 0) {
      buffer = new byte[ROOM];
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the response has been ended");
    }
  }

  /** Passes on what is held. */
  void release() throws IOException {
    if (held > 0) {
      int length = held;
      held = 0;
      response.send(ByteBuffer.wrap(buffer, 0, length));
    }
  }

  @Override
  public void flush() throws IOException {
    if (closed) {
      return;
    }
    int length = held;
    held = 0;
    response.send(ByteBuffer.wrap(buffer, 0, length));
    response.flush();
  }

  /** Ends the content; what is sent with it is sent when the handler returns. */
  @Override
  public void close() {
    closed = true;
  }
}
