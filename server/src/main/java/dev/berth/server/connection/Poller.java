package dev.berth.server.connection;

import dev.berth.server.log.Mishap;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Wakes connections whose sockets are ready: a selector, and the virtual thread that asks it. Since
 * it is a virtual thread, what it wakes runs on the same carrier right after it, and no other
 * thread has to be woken for that.
 *
 * <pre>
 *   ask ──some are ready──► wake them ──► let them run ──► ask
 *    └──none is──► park until one is ─────────────────────► ask
 * </pre>
 *
 * A carrier takes what its own threads have woken before what comes from outside, such as a new
 * connection or a thread that has slept, and keeps to one queue outside while there is something in
 * it. A poller that only ever yielded to those it woke could keep a carrier from all others for as
 * long as there is something to wake. So every millisecond or few it parks for a moment, and comes
 * back from outside itself; as does a connection that never has to wait. With one carrier and 256
 * connections that ask without a pause, a handler that sleeps 5 ms took up to 17 ms in 99 of 100
 * cases, and 135 ms otherwise.
 *
 * <p>Clients that let a message's rest wait stand aside: a few are woken a round, after all others.
 * When thousands send their next byte at one moment, who asks a whole question has not to wait for
 * all of them. Where the rest is only gathered, the poller does that itself, and wakes nobody for
 * it: to run a thread for some bytes costs several times as much, and leaves garbage of its stack.
 */
final class Poller implements Runnable {
  private static final Logger LOG = System.getLogger(Poller.class.getName());
  private static final Mishap FAILED_ROUND =
      new Mishap(Poller.class, "looking for ready connections failed; the next round follows");
  private static final long PATIENCE_MILLIS = 50;

  /** How long those outside may be kept waiting, beside one turn of those it has woken. */
  static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /**
   * How long it then parks, once all that it has woken have run: long enough for the carrier to
   * have nothing left, and to look at other queues. With a nanosecond it was back before that, at
   * times over and over: new connections beside 64 busy ones waited for 20 seconds.
   */
  static final long ASIDE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  /** Parking and being woken costs more than asking again, and something has often come by then. */
  private static final int ASKED_BEFORE_PARKING = 2;

  /** A message whose rest takes that long is in no hurry. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final int SLOW_ONES_A_ROUND = 2;
  private static final int GATHERED_A_ROUND = 16;
  private static final int GATHERED_AT_ONCE = 4 * 1024;

  private final LongSupplier nanoTime;
  private final long turnNanos;
  private final ConnectionEvents events;
  private final Selector selector;
  private final Consumer<SelectionKey> ready = this::ready;
  private volatile boolean asleep;
  private volatile boolean stopped;

  // Its thread's.
  private int woken;
  private int gathered;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(GATHERED_AT_ONCE);
  private final List<PolledChannel> deaf = new ArrayList<>();
  private final Queue<SelectionKey> slow = new ArrayDeque<>();

  /**
   * Opens one.
   *
   * @param turnNanos after which it parks for a moment, as long as there is something to wake
   */
  Poller(LongSupplier nanoTime, long turnNanos, ConnectionEvents events) throws IOException {
    this.nanoTime = nanoTime;
    this.turnNanos = turnNanos;
    this.events = events;
    this.selector = Selector.open();
  }

  void start() {
    Thread.ofVirtual().name("poll").inheritInheritableThreadLocals(false).start(this);
  }

  /** Ends it; whoever waits then, waits for nothing. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  /** Has it look at a channel, from its next round on. */
  SelectionKey add(PolledChannel channel) throws IOException {
    try {
      SelectionKey key = channel.register(selector);
      nudge();
      return key;
    } catch (ClosedSelectorException stopping) {
      throw new IOException("the server has stopped", stopping);
    }
  }

  /** What time it is, for {@link PolledChannel}s that wait. */
  long nanos() {
    return nanoTime.getAsLong();
  }

  /** Has it notice what has changed about a channel. */
  void nudge() {
    if (asleep) {
      selector.wakeup();
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck")
  public void run() {
    long began = nanoTime.getAsLong();
    while (!stopped) {
      try {
        round();
        Thread.yield();
        long now = nanoTime.getAsLong();
        if (now - began >= turnNanos) {
          began = now;
          LockSupport.parkNanos(ASIDE_NANOS);
        }
      } catch (ClosedSelectorException notStarted) {
        // The server could not, and is being taken down.
        return;
      } catch (IOException | RuntimeException | Error failure) {
        complain(failure);
      }
    }
    close();
  }

  private void round() throws IOException {
    woken = 0;
    gathered = 0;
    selector.selectNow(ready);
    for (int time = 1; time < ASKED_BEFORE_PARKING && woken == 0 && slow.isEmpty(); time++) {
      selector.selectNow(ready);
    }
    int due = woken + SLOW_ONES_A_ROUND;
    // Beside what was gathered already, of which there can be as much each round.
    int most = gathered + GATHERED_A_ROUND;
    while (woken < due && gathered < most && !slow.isEmpty()) {
      SelectionKey key = slow.remove();
      if (!wakesAfterGathering(channel(key))) {
        channel(key).standInLine(key);
      }
    }
    if (woken == 0 && slow.isEmpty()) {
      // They have something to read and do not: asked again, the selector would say so forever.
      deaf.forEach(PolledChannel::ignore);
      asleep = true;
      try {
        selector.select(ready);
      } finally {
        asleep = false;
      }
    }
    deaf.clear();
  }

  /** Has the rest of a message gathered, and wakes its reader if that is to go on. */
  private boolean wakesAfterGathering(PolledChannel channel) {
    gathered++;
    boolean goesOn = channel.gather(scratch);
    if (goesOn) {
      channel.wakeReader();
      woken++;
    }
    return goesOn;
  }

  private static PolledChannel channel(SelectionKey key) {
    return (PolledChannel) key.attachment();
  }

  private void ready(SelectionKey key) {
    PolledChannel channel = channel(key);
    int events = PolledChannel.readyFor(key);
    if ((events & SelectionKey.OP_WRITE) != 0) {
      channel.wakeWriter(key);
      woken++;
    }
    if ((events & SelectionKey.OP_READ) != 0) {
      readable(channel, key);
    }
  }

  private void readable(PolledChannel channel, SelectionKey key) {
    if (channel.waitsForRest(SLOW_NANOS)) {
      if (gathered < GATHERED_A_ROUND && channel.gathers()) {
        wakesAfterGathering(channel);
      } else {
        channel.standAside(key);
        slow.add(key);
      }
    } else if (channel.wakeReader()) {
      woken++;
    } else {
      deaf.add(channel);
    }
  }

  private void complain(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      events.outOfMemory();
    }
    FAILED_ROUND.log(failure);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
  }

  /** Gives up the selector; for when no thread runs it. */
  void close() {
    try {
      selector.close();
    } catch (IOException broken) {
      LOG.log(Level.DEBUG, "a poller did not close cleanly", broken);
    }
  }
}
