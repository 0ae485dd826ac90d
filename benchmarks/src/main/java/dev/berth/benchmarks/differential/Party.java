package dev.berth.benchmarks.differential;

import dev.berth.benchmarks.differential.Account.Ending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A server to talk to, at {@code address}. */
record Party(String name, SocketAddress address) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /** Sends those bytes and ends; what the server does with it. */
  Account hear(byte[] sent) throws IOException {
    return talk(sent, true, PATIENCE);
  }

  /**
   * Sends those bytes and leaves it to the server to end, so that a server that has had enough can
   * be told from one that wants more.
   */
  Account hearWithoutEnd(byte[] sent, Duration patience) throws IOException {
    return talk(sent, false, patience);
  }

  private Account talk(byte[] sent, boolean end, Duration patience) throws IOException {
    var received = new ByteArrayOutputStream();
    Ending ending;
    try (SocketChannel channel = SocketChannel.open(address)) {
      ScheduledFuture<?> hangUp =
          CLOCK.schedule(() -> close(channel), patience.toMillis(), TimeUnit.MILLISECONDS);
      send(channel, sent, end);
      ending = receive(channel, received) ? Ending.WAITING : end ? Ending.SILENT : Ending.REFUSED;
      hangUp.cancel(false);
    }
    return Account.of(received.toString(StandardCharsets.ISO_8859_1), ending);
  }

  private static void send(SocketChannel channel, byte[] sent, boolean end) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(sent);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (end) {
        channel.shutdownOutput();
      }
    } catch (IOException endedAlready) {
      // It has heard enough; what it has said is still to be read.
    }
  }

  /** Receives to the end; whether patience ended first. */
  private static boolean receive(SocketChannel channel, ByteArrayOutputStream received) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    try {
      while (channel.read(buffer) >= 0) {
        received.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      return false;
    } catch (AsynchronousCloseException patienceIsOver) {
      return true;
    } catch (IOException reset) {
      return false;
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException broken) {
      // It is closed as far as it can be.
    }
  }
}
