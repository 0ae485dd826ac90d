package dev.berth.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The floor of the model: a virtual thread for each connection, which answers canned bytes to
 * whatever one read brings, and parses nothing. Arguments: the port, a number that is the JVM's to
 * heed, hello.
 */
public final class RawLoop {
  private static final byte[] ANSWER =
      """
      HTTP/1.1 200 OK
      Date: Thu, 01 Jan 2026 00:00:00 GMT
      Content-Type: text/plain
      Content-Length: 6

      hello
      """
          .replace("\n", "\r\n")
          .replace("hello\r\n", "hello\n")
          .getBytes(StandardCharsets.US_ASCII);

  private RawLoop() {}

  public static void main(String[] arguments) throws IOException {
    System.setProperty("jdk.pollerMode", System.getProperty("jdk.pollerMode", "1"));
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
          4096);
      while (true) {
        SocketChannel channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread.ofVirtual().start(() -> serve(channel));
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck")
  private static void serve(SocketChannel channel) {
    ByteBuffer in = ByteBuffer.allocateDirect(8 * 1024);
    ByteBuffer out = ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER);
    try (channel) {
      while (channel.read(in.clear()) >= 0) {
        out.flip();
        while (out.hasRemaining()) {
          channel.write(out);
        }
        // The next request has often come by the time that others have had their turn.
        Thread.yield();
      }
    } catch (IOException gone) {
      // So ends this connection.
    }
  }
}
