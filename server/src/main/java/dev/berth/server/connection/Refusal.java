package dev.berth.server.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * One client on its way out, on a channel that does not block. Nothing here waits. Used by one
 * thread at a time.
 */
final class Refusal {
  /** Who sends more than this after it was refused is cut. */
  private static final int READ_AT_MOST = 256 * 1024;

  private static final byte[] HEAD = {'H', 'E', 'A', 'D', ' '};

  /** What a look at the client's bytes found. */
  enum Heard {
    SOMETHING,
    NOTHING,
    /** It has hung up, or has said more than anybody listens to. */
    END
  }

  private final SocketChannel channel;
  private final RefusalBytes answer;
  // Of what it has said: how much, and whether that begins as a request by HEAD does.
  private int read;
  private boolean isHead;
  private boolean answered;
  private int looks;
  private long deadlineNanos;

  /**
   * @param heard what it has said already
   */
  Refusal(SocketChannel channel, RefusalBytes answer, byte[] heard) {
    this.channel = channel;
    this.answer = answer;
    take(ByteBuffer.wrap(heard), heard.length);
  }

  /** Whether it has said something, so that it may be answered. */
  boolean asked() {
    return read > 0;
  }

  /** Shows itself to a selector: whether it is still there. */
  boolean enter(Selector selector) {
    boolean entered = false;
    try {
      channel.register(selector, SelectionKey.OP_READ, this);
      entered = true;
    } catch (IOException gone) {
      // It has not waited for its answer.
    } finally {
      if (!entered) {
        close();
      }
    }
    return entered;
  }

  /** Whether it is still there, as far as is known. */
  boolean isOpen() {
    return channel.isOpen();
  }

  /** How often it was looked at for something that it said. */
  int looks() {
    return looks;
  }

  Heard read(ByteBuffer scratch) {
    looks++;
    try {
      int count = channel.read(scratch);
      take(scratch, count);
      if (count < 0 || read > READ_AT_MOST) {
        return Heard.END;
      }
      return count == 0 ? Heard.NOTHING : Heard.SOMETHING;
    } catch (IOException gone) {
      return Heard.END;
    }
  }

  // Bytes that the buffer holds from its beginning on. A method that comes in pieces isn't waited
  // for.
  private void take(ByteBuffer said, int count) {
    if (read == 0 && count >= HEAD.length) {
      isHead = said.slice(0, HEAD.length).equals(ByteBuffer.wrap(HEAD));
    }
    read += Math.max(0, count);
  }

  /** Says no, and that nothing follows: whether that could be said; if not, it is closed. */
  boolean answer() {
    try {
      answered = true;
      // So few bytes always fit the buffer of a socket that none was written to.
      channel.write(answer.toWrite(isHead));
      channel.shutdownOutput();
      return true;
    } catch (IOException gone) {
      close();
      return false;
    }
  }

  /** Closes one of which nothing more is read; with the answer, if it has had none. */
  void leave() {
    if (answered || answer()) {
      close();
    }
  }

  /** Closes it; with the answer, if it has had none. */
  void answerAtOnce() {
    try {
      if (answered || answer()) {
        // Whatever of the request is here already would turn the close into a reset.
        channel.read(ByteBuffer.allocate(1024));
      }
    } catch (IOException gone) {
      // It has not waited for its answer.
    } finally {
      close();
    }
  }

  /** Sets the time for what it waits for now. */
  void due(long millis) {
    deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  long nanosLeft(long now) {
    return deadlineNanos - now;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException broken) {
      // It is gone either way.
    }
  }
}
