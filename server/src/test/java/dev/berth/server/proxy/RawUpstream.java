package dev.berth.server.proxy;

import dev.berth.server.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** An upstream that says exactly what a test has it say, on connections that the test accepts. */
final class RawUpstream implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket socket;

  RawUpstream() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  UpstreamAddress address() {
    return new UpstreamAddress("127.0.0.1", socket.getLocalPort());
  }

  /** The proxy's end of its next connection. */
  RawClient accept() throws IOException {
    return RawClient.of(socket.accept());
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
