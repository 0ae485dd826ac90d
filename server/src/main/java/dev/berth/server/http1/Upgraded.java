package dev.berth.server.http1;

import dev.berth.server.handler.AttendedUpgrade;
import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

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

  /** The conversation, if the server has to say some of it. */
  public Optional<AttendedUpgrade> attended() {
    return conversation instanceof AttendedUpgrade attended
        ? Optional.of(attended)
        : Optional.empty();
  }

  /** Talks on the wire until one side ends it. */
  public void converse(Wire wire) throws Exception {
    conversation.converse(new RawInput(wire, early), new RawOutput(wire));
  }

  /** Bytes as they come, after those that have come. */
  static final class RawInput extends InputStream {
    // So small, since it is held while nothing comes.
    private static final int HELD = 512;
    private static final int LENT = 16 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private final Wire wire;
    // Nothing once it is read, as this may live for days.
    private ByteBuffer early;

    RawInput(Wire wire, byte[] early) {
      this.wire = wire;
      this.early = early.length == 0 ? NOTHING : ByteBuffer.wrap(early);
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
        early = early.hasRemaining() ? early : NOTHING;
        return count;
      }
      return length == 0 ? 0 : wire.read(ByteBuffer.wrap(into, offset, length));
    }

    /** Passes on all that comes, as it comes; with little memory while nothing does. */
    @Override
    public long transferTo(OutputStream to) throws IOException {
      long passed = 0;
      byte[] held = new byte[HELD];
      for (int count = read(held, 0, HELD); count >= 0; count = read(held, 0, HELD)) {
        to.write(held, 0, count);
        passed += count;
        if (count == HELD) {
          passed += passMuch(to);
        }
      }
      return passed;
    }

    // As long as it comes faster than it is passed on.
    private long passMuch(OutputStream to) throws IOException {
      long passed = 0;
      byte[] lent = new byte[LENT];
      int count;
      do {
        count = Math.max(0, readNow(lent));
        to.write(lent, 0, count);
        passed += count;
      } while (count == LENT);
      return passed;
    }

    private int readNow(byte[] into) throws IOException {
      return early.hasRemaining()
          ? read(into, 0, into.length)
          : wire.readNow(ByteBuffer.wrap(into));
    }
  }

  /** Bytes as they are. */
  static final class RawOutput extends OutputStream {
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

    @Override
    public void close() throws IOException {
      wire.saidLast();
      wire.endOutput();
    }
  }
}
