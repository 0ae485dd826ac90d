package dev.berth.server.connection;

import dev.berth.server.log.Mishap;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The watch over all clients that wait in the queue. To see that one has hung up, one has to read
 * what it sent before: so that is kept for its turn. One that sends no more counts as gone, though
 * it may still read: nearly all that do so have closed.
 *
 * <p>One platform thread and one selector for all of them. All but {@link #run} is for any thread.
 */
final class WaitingClients implements Runnable {
  private static final Logger LOG = System.getLogger(WaitingClients.class.getName());
  private static final Mishap FAILED_ROUND =
      new Mishap(
          WaitingClients.class,
          "looking for queued clients that hang up failed; the next round follows");
  private static final long BACK_OFF_MILLIS = 50;
  private static final int SCRATCH = 4 * 1024;

  private final Selector selector;
  private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH);
  private volatile boolean dismissing;
  private volatile boolean stopped;

  WaitingClients() throws IOException {
    selector = Selector.open();
  }

  /** Looks after it until {@link #end}. */
  void watch(WaitingClient client) {
    client.enter(selector);
    if (stopped) {
      client.dismiss();
    }
    selector.wakeup();
  }

  /**
   * Looks after it no more: from here on its channel is the caller's.
   *
   * @return what the client has sent; empty if it has hung up
   */
  Optional<byte[]> end(WaitingClient client) {
    Optional<byte[]> sent = client.end();
    // The selector holds on to its key, and would to the descriptor, until its next round.
    selector.wakeup();
    return sent;
  }

  /** Whether those who wait are sent home, now and until told otherwise. */
  void dismiss(boolean all) {
    if (dismissing != all) {
      dismissing = all;
      selector.wakeup();
    }
  }

  /** Sends all of them home, and ends the thread. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    try (selector) {
      while (!stopped) {
        try {
          round();
        } catch (IOException | RuntimeException | Error failure) {
          FAILED_ROUND.log(failure);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BACK_OFF_MILLIS));
        }
      }
      // Those who came since the last round; later ones find that it has stopped.
      dismissAll();
    } catch (IOException broken) {
      LOG.log(Level.DEBUG, "the watch over the queue did not close cleanly", broken);
    }
  }

  private void round() throws IOException {
    selector.select(key -> client(key).hear(scratch));
    if (dismissing) {
      dismissAll();
    }
  }

  private void dismissAll() {
    selector.keys().forEach(key -> client(key).dismiss());
  }

  private static WaitingClient client(SelectionKey key) {
    return (WaitingClient) key.attachment();
  }
}
