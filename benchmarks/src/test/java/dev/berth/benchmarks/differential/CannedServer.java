package dev.berth.benchmarks.differential;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that answers every connection in the same way, whatever it is sent. */
final class CannedServer implements AutoCloseable {
  private final ServerSocket socket;
  private final String answers;
  private final After after;

  /** What it does once it has answered. */
  enum After {
    ENDS,
    WAITS,
    REFUSES_WHEN_THE_CLIENT_ENDS
  }

  private CannedServer(ServerSocket socket, String answers, After after) {
    this.socket = socket;
    this.answers = answers;
    this.after = after;
  }

  static CannedServer start(String answers, After after) throws IOException {
    var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var server = new CannedServer(socket, answers, after);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  private void accept() {
    try {
      while (true) {
        answer(socket.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void answer(Socket client) throws IOException {
    try (client) {
      OutputStream out = client.getOutputStream();
      out.write(answers.getBytes(StandardCharsets.US_ASCII));
      if (after == After.ENDS) {
        client.shutdownOutput();
      }
      client.getInputStream().readAllBytes();
      if (after == After.REFUSES_WHEN_THE_CLIENT_ENDS) {
        out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  Party party() {
    return new Party("canned", socket.getLocalSocketAddress());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
