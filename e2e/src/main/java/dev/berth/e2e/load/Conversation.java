package dev.berth.e2e.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One connection from its start to its end: a request, its answer, a pause, and again. Owned by the
 * virtual thread that runs it.
 */
final class Conversation {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 10_000;

  private final InetSocketAddress server;
  private final Tally tally;
  private final Supplier<Duration> pause;
  private final BooleanSupplier enough;
  private int answers;

  /**
   * @param pause how long to wait before the next request
   * @param enough whether to end it at the next occasion between two requests
   */
  Conversation(
      InetSocketAddress server, Tally tally, Supplier<Duration> pause, BooleanSupplier enough) {
    this.server = server;
    this.tally = tally;
    this.pause = pause;
    this.enough = enough;
  }

  /** Runs it to its end. */
  Ending run() {
    try (var socket = new Socket()) {
      try {
        socket.connect(server, CONNECT_MILLIS);
      } catch (IOException e) {
        return new Ending.Unreachable(e.toString());
      }
      return talk(socket);
    } catch (IOException e) {
      return broken(e.toString());
    } finally {
      if (answers > 0) {
        tally.closed();
      }
    }
  }

  private Ending talk(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream(), 512);
    byte[] request =
        "GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
            .formatted(server.getHostString())
            .getBytes(StandardCharsets.US_ASCII);
    while (true) {
      socket.setSoTimeout(ANSWER_MILLIS);
      Answer answer;
      try {
        socket.getOutputStream().write(request);
        answer = Answer.read(in);
      } catch (SocketTimeoutException e) {
        return broken("no answer within %d ms".formatted(ANSWER_MILLIS));
      } catch (EOFException e) {
        return broken("it ended before the answer to a request was whole");
      }
      if (answer.status() != 200) {
        return otherwise(answer);
      }
      if (answers++ == 0) {
        tally.opened();
      }
      tally.served();
      if (answer.last()) {
        return new Ending.Graceful();
      }
      if (enough.getAsBoolean()) {
        return new Ending.Ours();
      }
      if (endsWithin(pause.get(), socket, in)) {
        return new Ending.Graceful();
      }
    }
  }

  private Ending otherwise(Answer answer) {
    boolean refusal =
        answer.status() == 503 && answer.last() && answer.field("retry-after").isPresent();
    return refusal
        ? new Ending.Refused()
        : broken("status %d with %s".formatted(answer.status(), answer.fields()));
  }

  /** Waits between two requests; whether the server ended the connection meanwhile. */
  private boolean endsWithin(Duration pause, Socket socket, InputStream in) throws IOException {
    socket.setSoTimeout(Math.max(1, (int) pause.toMillis()));
    try {
      if (in.read() >= 0) {
        throw new IOException("bytes that nobody asked for");
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private Ending broken(String why) {
    return new Ending.Broken("after %d answers: %s".formatted(answers, why));
  }
}
