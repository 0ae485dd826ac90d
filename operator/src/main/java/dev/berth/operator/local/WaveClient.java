package dev.berth.operator.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One client: keeps an HTTP/1.1 connection open, asks every few seconds, and opens another a second
 * after the server ended this one, or after what {@code Retry-After} says.
 *
 * <p>Runs on a virtual thread of its own until it is wanted no longer. The server may end the
 * connection with an answer that says {@code Connection: close}, or by FIN while nothing is asked;
 * anything else than a whole answer to each request is counted as broken.
 */
final class WaveClient implements Runnable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final int LEAST_PAUSE_MILLIS = 1_000;
  private static final int MOST_PAUSE_MILLIS = 4_000;

  private final InetSocketAddress server;
  private final Wave.Counts counts;
  private final BooleanSupplier wanted;
  private final RandomGenerator chance;
  private final byte[] request;

  WaveClient(
      InetSocketAddress server,
      Wave.Counts counts,
      BooleanSupplier wanted,
      RandomGenerator chance) {
    this.server = server;
    this.counts = counts;
    this.wanted = wanted;
    this.chance = chance;
    this.request = Answer.request(server);
  }

  @Override
  public void run() {
    try {
      while (wanted.getAsBoolean()) {
        Thread.sleep(visit());
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens a connection and uses it to its end; how long to wait before the next. */
  private Duration visit() {
    try (var socket = new Socket()) {
      if (!connected(socket)) {
        counts.unreached.increment();
        return AGAIN;
      }
      return converse(socket);
    } catch (IOException broken) {
      counts.broken.increment();
      return AGAIN;
    }
  }

  private boolean connected(Socket socket) {
    try {
      socket.connect(server, (int) CONNECT.toMillis());
      return true;
    } catch (IOException unreached) {
      return false;
    }
  }

  private Duration converse(Socket socket) throws IOException {
    var in = new BufferedInputStream(socket.getInputStream(), 512);
    boolean admitted = false;
    try {
      while (true) {
        socket.getOutputStream().write(request);
        socket.setSoTimeout((int) ANSWER.toMillis());
        Answer answer = Answer.read(in);
        if (answer.status() == 503) {
          counts.refused.increment();
          return answer.retryAfter().orElse(AGAIN);
        }
        if (answer.status() != 200) {
          throw new IOException("an answer of " + answer.status());
        }
        counts.served.increment();
        if (!admitted) {
          admitted = true;
          counts.open.incrementAndGet();
        }
        if (answer.last() || !pause(socket, in) || !wanted.getAsBoolean()) {
          return AGAIN;
        }
      }
    } finally {
      if (admitted) {
        counts.open.decrementAndGet();
      }
    }
  }

  /** Waits before the next request; false if the server ended the connection meanwhile. */
  private boolean pause(Socket socket, InputStream in) throws IOException {
    socket.setSoTimeout(chance.nextInt(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS));
    try {
      if (in.read() >= 0) {
        throw new IOException("the server sent what was not asked for");
      }
      return false;
    } catch (SocketTimeoutException silent) {
      return true;
    }
  }
}
