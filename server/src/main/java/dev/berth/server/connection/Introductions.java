package dev.berth.server.connection;

import dev.berth.server.proxyprotocol.ProxyHeader;
import dev.berth.server.proxyprotocol.ProxyHeaderReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How connections become known as their clients': by the header that a proxy sends first, if that
 * is expected. Safe for any number of threads.
 */
final class Introductions {
  private static final Logger LOG = System.getLogger(Introductions.class.getName());

  private final boolean expected;
  private final AtomicBoolean warned = new AtomicBoolean();

  Introductions(boolean expected) {
    this.expected = expected;
  }

  /** Whether each connection begins with one. */
  boolean expected() {
    return expected;
  }

  /** What a connection has said before it was its turn, and then what it says. */
  static final class Source implements ReadableByteChannel {
    private final ByteBuffer before;
    private final ReadableByteChannel channel;

    Source(ByteBuffer before, ReadableByteChannel channel) {
      this.before = before;
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!before.hasRemaining()) {
        return channel.read(into);
      }
      int count = Math.min(before.remaining(), into.remaining());
      into.put(before.slice(before.position(), count));
      before.position(before.position() + count);
      return count;
    }

    /** Of what was said before, what nobody has read. */
    byte[] left() {
      byte[] left = new byte[before.remaining()];
      before.get(left);
      return left;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Waits for the header. */
  ProxyHeader read(ReadableByteChannel source, InetSocketAddress proxy) throws IOException {
    ProxyHeader header = ProxyHeaderReader.read(source);
    if (header instanceof ProxyHeader.Malformed(String why)) {
      // The first is likely a proxy that was not told to send it; the thousandth tells nobody more.
      Level level = warned.getAndSet(true) ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "closed a connection of " + proxy + " unanswered: " + why);
    }
    return header;
  }
}
