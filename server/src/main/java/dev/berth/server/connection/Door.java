package dev.berth.server.connection;

import dev.berth.server.access.Access;
import dev.berth.server.access.AccessLog;
import dev.berth.server.limit.Admission.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Turns connections away with a whole 503 that arrives. For that, one has to let the client send
 * its request first and then wait for it to hang up: an answer that comes before the question is
 * dropped by some clients, and a close with the question unread resets the connection before the
 * answer was seen. So each lingers on a virtual thread of its own, for at most {@value
 * #LINGER_MILLIS} ms; but only {@value #LINGERING} at once, and those beyond get the same bytes
 * without the patience. Safe for any thread.
 */
final class Door {
  static final int LINGERING = 256;
  private static final int LINGER_MILLIS = 1_000;
  private static final int AWAIT_REQUEST_MILLIS = 250;
  private static final int SCRATCH = 1024;
  private static final int READ_AT_MOST = 64 * 1024;

  private final Semaphore places = new Semaphore(LINGERING);
  private final ConnectionEvents events;
  private final AccessLog accessLog;

  Door(ConnectionEvents events, AccessLog accessLog) {
    this.events = events;
    this.accessLog = accessLog;
  }

  /** Refuses without waiting; the channel is the door's to close from here on. */
  void refuse(SocketChannel channel, InetSocketAddress peer, Refused reason) {
    events.rejected(reason);
    byte[] answer = answer(reason);
    if (!accessLog.equals(AccessLog.OFF)) {
      String sentence = sentence(reason);
      accessLog.answered(Access.refused(peer, 503, sentence.length(), sentence.strip()));
    }
    if (places.tryAcquire()) {
      Thread.ofVirtual()
          .inheritInheritableThreadLocals(false)
          .start(new Lingering(channel, answer));
    } else {
      refuseAtOnce(channel, answer);
    }
  }

  private static void refuseAtOnce(SocketChannel channel, byte[] answer) {
    try (channel) {
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(answer));
      // Whatever of the request is here already would turn the close into a reset.
      channel.read(ByteBuffer.allocate(SCRATCH));
    } catch (IOException gone) {
      // It has not waited for its answer.
    }
  }

  /** The bytes that a refused client gets. */
  static byte[] answer(Refused reason) {
    String sentence = sentence(reason);
    String head =
        """
        HTTP/1.1 503 Service Unavailable
        Retry-After: 1
        Content-Type: text/plain; charset=utf-8
        Content-Length: %d
        Connection: close

        """
            .formatted(sentence.length())
            .replace("\n", "\r\n");
    return (head + sentence).getBytes(StandardCharsets.US_ASCII);
  }

  private static String sentence(Refused reason) {
    return switch (reason) {
      case LIMIT, QUEUE_TIMEOUT -> "this server has all the connections it takes now\n";
      case CLIENT_LIMIT -> "this server has all the connections it takes from your address\n";
      case DRAINING -> "this server takes no more connections, since it is about to end\n";
    };
  }

  private final class Lingering implements Runnable {
    private final SocketChannel channel;
    private final byte[] answer;

    Lingering(SocketChannel channel, byte[] answer) {
      this.channel = channel;
      this.answer = answer;
    }

    @Override
    public void run() {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
      try (channel) {
        InputStream in = channel.socket().getInputStream();
        byte[] scratch = new byte[SCRATCH];
        boolean open = readWithin(AWAIT_REQUEST_MILLIS, in, scratch) != ReadEnd.GONE;
        channel.write(ByteBuffer.wrap(answer));
        channel.shutdownOutput();
        int rounds = READ_AT_MOST / SCRATCH;
        while (open && rounds-- > 0) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          open = left > 0 && readWithin((int) left, in, scratch) == ReadEnd.READ;
        }
      } catch (IOException gone) {
        // It has not waited for its answer.
      } finally {
        places.release();
      }
    }

    private ReadEnd readWithin(int millis, InputStream in, byte[] scratch) throws IOException {
      channel.socket().setSoTimeout(millis);
      try {
        return in.read(scratch) < 0 ? ReadEnd.GONE : ReadEnd.READ;
      } catch (SocketTimeoutException silent) {
        return ReadEnd.SILENT;
      }
    }
  }

  private enum ReadEnd {
    READ,
    SILENT,
    GONE
  }
}
