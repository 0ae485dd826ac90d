package dev.berth.server.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The content of a request that is asked, in its framing: a length, or chunks. What is written is
 * sent at once, together with what is held back before it. Used by one thread at a time.
 */
public final class RequestContent extends OutputStream implements BufferSink {
  private final Output out;
  private final boolean chunked;

  RequestContent(Output out, boolean chunked) {
    this.out = out;
    this.chunked = chunked;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return;
    }
    if (chunked) {
      out.putChunk(bytes);
    } else {
      out.put(bytes);
    }
    out.flush();
  }

  /** Ends the content, with these fields after it if it is chunked. */
  public void end(Map<String, List<String>> trailers) throws IOException {
    if (chunked) {
      out.put((byte) '0');
      out.putLineEnd();
      for (Map.Entry<String, List<String>> trailer : trailers.entrySet()) {
        for (String value : trailer.getValue()) {
          out.putField(trailer.getKey(), value);
        }
      }
      out.putLineEnd();
    }
    out.flush();
  }
}
