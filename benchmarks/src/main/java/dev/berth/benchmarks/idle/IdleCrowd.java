package dev.berth.benchmarks.idle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keep-alive connections that have asked once and then ask nothing. Used by one thread. */
public final class IdleCrowd implements AutoCloseable {
  private static final ByteBuffer GET =
      ByteBuffer.wrap(
          "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

  private final InetSocketAddress server;
  private final List<SocketChannel> open = new ArrayList<>();

  private IdleCrowd(InetSocketAddress server) {
    this.server = server;
  }

  /** Opens so many, one after the other, and waits for the whole answer on each. */
  public static IdleCrowd open(InetSocketAddress server, int count) throws IOException {
    var crowd = new IdleCrowd(server);
    crowd.growTo(count);
    return crowd;
  }

  /** Opens more, likewise, until there are so many. */
  void growTo(int count) throws IOException {
    while (open.size() < count) {
      SocketChannel channel = SocketChannel.open(server);
      open.add(channel);
      ask(channel);
    }
  }

  /** Asks once more, on one of them, so many times. */
  void askAgain(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      ask(open.getFirst());
    }
  }

  private static void ask(SocketChannel channel) throws IOException {
    channel.write(GET.duplicate());
    ByteBuffer answer = ByteBuffer.allocate(1024);
    String seen = "";
    while (!seen.contains("\r\n\r\n") || !seen.endsWith("\n")) {
      if (channel.read(answer) < 0) {
        throw new IOException("the server closed the connection after: " + seen);
      }
      seen = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }
    if (!seen.startsWith("HTTP/1.1 200")) {
      throw new IOException("not a 200: " + seen);
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
