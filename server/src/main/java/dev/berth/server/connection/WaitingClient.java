package dev.berth.server.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client that waits in the queue, and what it has sent meanwhile. Its channel is the watcher's
 * from {@link #enter} to {@link #end}, both of which the waiting thread calls; the lock guards it,
 * and no other is taken under it.
 */
final class WaitingClient {
  /** Of what it sends; beyond that, nobody sees it hang up before its turn. */
  private static final int KEPT_AT_MOST = 4 * 1024;

  private final SocketChannel channel;
  private final Thread waiter;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable SelectionKey key;
  private byte[] sent = {};
  private boolean gone;
  private boolean over;

  WaitingClient(SocketChannel channel, Thread waiter) {
    this.channel = channel;
    this.waiter = waiter;
  }

  /** Shows it to the watcher's selector. */
  void enter(Selector selector) {
    lock.lock();
    try {
      key = channel.register(selector, SelectionKey.OP_READ, this);
    } catch (ClosedChannelException broken) {
      gone = true;
    } catch (ClosedSelectorException stopped) {
      // The server has ended, which the waiter will find out.
    } finally {
      lock.unlock();
    }
  }

  /** Takes what has come; at its end, sends the waiter home. */
  void hear(ByteBuffer scratch) {
    lock.lock();
    try {
      if (!over) {
        scratch.clear().limit(KEPT_AT_MOST - sent.length);
        int count = channel.read(scratch);
        if (count < 0) {
          leave();
        } else {
          keep(scratch.flip());
        }
      }
    } catch (IOException reset) {
      leave();
    } finally {
      lock.unlock();
    }
  }

  private void keep(ByteBuffer more) {
    int before = sent.length;
    sent = Arrays.copyOf(sent, before + more.remaining());
    more.get(sent, before, sent.length - before);
    if (sent.length == KEPT_AT_MOST) {
      listenNoMore();
    }
  }

  private void leave() {
    gone = true;
    listenNoMore();
    waiter.interrupt();
  }

  private void listenNoMore() {
    if (key != null && key.isValid()) {
      key.interestOps(0);
    }
  }

  /** Sends the waiter home, though its client is there. */
  void dismiss() {
    lock.lock();
    try {
      if (!over) {
        waiter.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the watch: from here on the channel is the caller's again.
   *
   * @return what the client has sent; empty if it has hung up
   */
  Optional<byte[]> end() {
    lock.lock();
    try {
      over = true;
      if (key != null) {
        key.cancel();
      }
      return gone ? Optional.empty() : Optional.of(sent);
    } finally {
      lock.unlock();
    }
  }
}
