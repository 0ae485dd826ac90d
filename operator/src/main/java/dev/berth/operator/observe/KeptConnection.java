package dev.berth.operator.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a pod's metrics over HTTP/1.1 (RFC 9112), kept from one question to the next.
 * Owned by one thread at a time, which asks and then takes the answer.
 */
final class KeptConnection implements AutoCloseable {
  private static final String ACCEPTED = "text/plain;version=0.0.4, */*;q=0.1";
  private static final int HTTP = 80;

  private final Socket socket;
  private final byte[] question;
  private long usedAt = System.nanoTime();

  private KeptConnection(Socket socket, URI metrics) {
    this.socket = socket;
    this.question =
        "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\n\r\n"
            .formatted(path(metrics), metrics.getRawAuthority(), ACCEPTED)
            .getBytes(StandardCharsets.UTF_8);
  }

  static KeptConnection open(URI metrics, Deadline deadline) throws IOException {
    var address =
        new InetSocketAddress(metrics.getHost(), metrics.getPort() < 0 ? HTTP : metrics.getPort());
    if (address.isUnresolved()) {
      throw new UnknownHostException("the host's name has no address");
    }
    var socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(address, deadline.left());
      return new KeptConnection(socket, metrics);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** The path, asking for the metrics that count alone: those who can't choose send them all. */
  private static String path(URI metrics) {
    String path = metrics.getRawPath().isEmpty() ? "/" : metrics.getRawPath();
    String before = metrics.getRawQuery() == null ? "?" : "?" + metrics.getRawQuery() + "&";
    return path + before + MetricsText.QUERY;
  }

  /** Sends the question: it is as small as the socket's buffer always has room for. */
  void ask() throws IOException {
    socket.getOutputStream().write(question);
    usedAt = System.nanoTime();
  }

  /**
   * Waits for more of the answer.
   *
   * @return how many bytes came; -1 at its end
   * @throws SocketTimeoutException at the deadline, if nothing has come by then
   */
  int read(byte[] into, int at, Deadline deadline) throws IOException {
    var in = socket.getInputStream();
    // What is there already counts: this thread may have waited for another pod up to the deadline
    if (deadline.passed() && in.available() == 0) {
      throw new SocketTimeoutException("nothing came by the deadline");
    }
    socket.setSoTimeout(deadline.left());
    return in.read(into, at, into.length - at);
  }

  /** Nanoseconds since the last question. */
  long unused() {
    return System.nanoTime() - usedAt;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      return;
    }
  }
}
