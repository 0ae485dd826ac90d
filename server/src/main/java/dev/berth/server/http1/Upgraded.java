package dev.berth.server.http1;

import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A connection that is no longer HTTP: what is spoken on it now, and the bytes of that which had
 * been read with the request.
 */
public final class Upgraded {
  private final Upgrade conversation;
  private final byte[] early;

  Upgraded(Upgrade conversation, byte[] early) {
    this.conversation = conversation;
    this.early = early;
  }

  /** Talks on the wire until one side ends it. */
  public void converse(Wire wire) throws Exception {
    conversation.converse(new RawInput(wire, early), new RawOutput(wire));
  }

  private static final class RawInput extends InputStream {
    private final Wire wire;
    private final ByteBuffer early;

    RawInput(Wire wire, byte[] early) {
      this.wire = wire;
      this.early = ByteBuffer.wrap(early);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (early.hasRemaining()) {
        int count = Math.min(length, early.remaining());
        early.get(into, offset, count);
        return count;
      }
      return length == 0 ? 0 : wire.read(ByteBuffer.wrap(into, offset, length));
    }
  }

  private static final class RawOutput extends OutputStream {
    private final Wire wire;

    RawOutput(Wire wire) {
      this.wire = wire;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      wire.write(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
