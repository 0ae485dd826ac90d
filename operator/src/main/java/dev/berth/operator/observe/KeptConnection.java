package dev.berth.operator.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection to a pod's metrics over HTTP/1.1 (RFC 9112), kept from one question to the next.
 * Owned by one thread at a time, which asks and then takes the answer.
 */
final class KeptConnection implements AutoCloseable {
  private final Socket socket;
  private final AtomicBoolean taken = new AtomicBoolean(true);
  private volatile long usedAt = System.nanoTime();

  private KeptConnection(Socket socket) {
    this.socket = socket;
  }

  static KeptConnection open(InetSocketAddress address, Deadline deadline) throws IOException {
    if (address.isUnresolved()) {
      throw new UnknownHostException("the host's name has no address");
    }
    var socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(address, deadline.left());
      return new KeptConnection(socket);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Whether the caller owns it from now on, until it lets {@link #go}. */
  boolean claim() {
    return taken.compareAndSet(false, true);
  }

  /** Lets another one own it. */
  void go() {
    taken.set(false);
  }

  /** Sends a question: it is as small as the socket's buffer always has room for. */
  void ask(byte[] question) throws IOException {
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
