package dev.berth.server.connection;

import dev.berth.server.proxyprotocol.ProxyHeader;
import dev.berth.server.proxyprotocol.ProxyHeaderReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
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

  /** Waits for the header. */
  ProxyHeader read(SocketChannel channel, InetSocketAddress proxy) throws IOException {
    ProxyHeader header = ProxyHeaderReader.read(channel);
    if (header instanceof ProxyHeader.Malformed(String why)) {
      // The first is likely a proxy that was not told to send it; the thousandth tells nobody more.
      Level level = warned.getAndSet(true) ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "closed a connection of " + proxy + " unanswered: " + why);
    }
    return header;
  }
}
