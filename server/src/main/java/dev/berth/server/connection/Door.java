package dev.berth.server.connection;

import dev.berth.server.access.Access;
import dev.berth.server.access.AccessLog;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.log.Mishap;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Turns connections away with a whole 503 that arrives. For that, one has to let the client send
 * its request first and then wait for it to hang up: an answer that comes before the question is
 * dropped by some clients, and a close with the question unread resets the connection before the
 * answer was seen.
 *
 * <pre>
 *   ARRIVED ──► AWAITING ──a request, or {@value #AWAIT_REQUEST_MILLIS} ms──► LINGERING ──hung up, or {@value #LINGER_MILLIS} ms──► closed
 *                                      (the answer is sent here)
 * </pre>
 *
 * One platform thread and one selector do that for all of them, so that a flood of the refused
 * takes neither threads nor buffers from the admitted. Their descriptors are bounded: when there is
 * no place for one more, the one goes that has had its answer for longest; and who brings it waits
 * a little when the door can't keep up, which leaves the rest to the listening socket's queue.
 *
 * <p>Most have asked when they come and hang up as soon as they have their answer. So a newcomer is
 * looked at once a millisecond, with all that have come meanwhile, and is made known to the
 * selector only if it is still there after a few looks: that, and a wake-up for each, would be half
 * of a refusal's system calls.
 *
 * <p>{@link #refuse} and {@link #stop} are for any thread; the rest is the door's own.
 */
final class Door implements Runnable {
  private static final Logger LOG = System.getLogger(Door.class.getName());
  private static final Mishap FAILED_ROUND =
      new Mishap(Door.class, "refusing connections failed; the next round follows");
  private static final long AWAIT_REQUEST_MILLIS = 250;
  private static final long LINGER_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 50;
  private static final long LOOK_MILLIS = 1;
  private static final int LOOKS = 4;
  private static final int ARRIVALS = 128;
  private static final int PART_OF_DESCRIPTORS = 25;
  private static final int LEAST_PLACES = 32;
  private static final int MOST_PLACES = 4_096;
  private static final int SCRATCH = 16 * 1024;
  private static final byte[] NOTHING = {};

  private final ConnectionEvents events;
  private final AccessLog accessLog;
  private final int places;
  private final Selector selector;
  private final BlockingQueue<Refusal> arrivals = new ArrayBlockingQueue<>(ARRIVALS);
  private volatile boolean stopped;
  // Whether the thread looks about soon enough without being woken. Its own to write.
  private volatile boolean watchful;

  // The door's thread's. Each set is in the order of its deadlines; newcomers, which the selector
  // doesn't know, are in one of them too unless they have gone.
  private final List<Refusal> newcomers = new ArrayList<>();
  private final Set<Refusal> awaiting = new LinkedHashSet<>();
  private final Set<Refusal> lingering = new LinkedHashSet<>();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);

  /**
   * @param places how many of the refused may be on their way out at once
   */
  Door(ConnectionEvents events, AccessLog accessLog, int places) throws IOException {
    this.events = events;
    this.accessLog = accessLog;
    this.places = places;
    this.selector = Selector.open();
  }

  /**
   * As many as a small part of the descriptors allows; with those that arrive, fewer than the limit
   * {@code auto} leaves free.
   */
  static int places() {
    return Math.clamp(Descriptors.most() / PART_OF_DESCRIPTORS, LEAST_PLACES, MOST_PLACES);
  }

  /** Refuses one that has said nothing yet; the channel is the door's to close from here on. */
  void refuse(SocketChannel channel, InetSocketAddress peer, Refused reason) {
    refuse(channel, peer, reason, NOTHING);
  }

  /**
   * Refuses likewise.
   *
   * @param heard what the client has said already: if anything, it is answered at once
   */
  void refuse(SocketChannel channel, InetSocketAddress peer, Refused reason, byte[] heard) {
    events.rejected(reason);
    if (!accessLog.equals(AccessLog.OFF)) {
      String sentence = RefusalBytes.sentence(reason);
      accessLog.answered(Access.refused(peer, 503, sentence.length(), sentence.strip()));
    }
    Refusal refusal = new Refusal(channel, RefusalBytes.of(reason), heard);
    if (!arrives(refusal)) {
      refusal.answerAtOnce();
    } else if (!watchful) {
      selector.wakeup();
    }
  }

  private boolean arrives(Refusal refusal) {
    try {
      return !stopped
          && arrivals.offer(refusal, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          // The door may have been closed meanwhile, with this one still before it.
          && !(stopped && arrivals.remove(refusal));
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the thread, and sends off those who are still there. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        await();
        newcomers.removeIf(this::isNewNoMore);
        takeIn();
        sendOffLate(System.nanoTime());
      } catch (IOException | RuntimeException | Error failure) {
        FAILED_ROUND.log(failure);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
      }
    }
    close();
  }

  private void await() throws IOException {
    watchful = !newcomers.isEmpty();
    if (watchful) {
      selector.select(this::hear, LOOK_MILLIS);
    } else if (arrivals.isEmpty()) {
      // Who arrives from here on finds that it has to wake the thread.
      selector.select(this::hear, millisToNextDeadline());
    }
  }

  private void takeIn() {
    Refusal refusal = arrivals.poll();
    while (refusal != null) {
      makePlace();
      awaiting.add(refusal);
      refusal.due(AWAIT_REQUEST_MILLIS);
      if (refusal.asked()) {
        answer(refusal);
      } else {
        // The request has often come already.
        hear(refusal);
      }
      if (refusal.isOpen()) {
        newcomers.add(refusal);
      }
      refusal = arrivals.poll();
    }
  }

  private boolean isNewNoMore(Refusal refusal) {
    if (refusal.isOpen()) {
      hear(refusal);
    }
    if (refusal.isOpen() && refusal.looks() >= LOOKS) {
      if (!refusal.enter(selector)) {
        forget(refusal);
      }
      return true;
    }
    return !refusal.isOpen();
  }

  private void makePlace() {
    if (awaiting.size() + lingering.size() >= places) {
      Iterator<Refusal> longest = (lingering.isEmpty() ? awaiting : lingering).iterator();
      Refusal refusal = longest.next();
      longest.remove();
      refusal.answerAtOnce();
    }
  }

  private void hear(SelectionKey key) {
    hear((Refusal) key.attachment());
  }

  private void hear(Refusal refusal) {
    switch (refusal.read(scratch.clear())) {
      case SOMETHING -> answer(refusal);
      case NOTHING -> {}
      case END -> {
        refusal.leave();
        forget(refusal);
      }
    }
  }

  private void forget(Refusal refusal) {
    awaiting.remove(refusal);
    lingering.remove(refusal);
  }

  private void answer(Refusal refusal) {
    if (awaiting.remove(refusal)) {
      if (refusal.answer()) {
        refusal.due(LINGER_MILLIS);
        lingering.add(refusal);
      }
    }
  }

  private void sendOffLate(long now) {
    while (!awaiting.isEmpty() && first(awaiting).nanosLeft(now) <= 0) {
      answer(first(awaiting));
    }
    Iterator<Refusal> longest = lingering.iterator();
    while (longest.hasNext()) {
      Refusal refusal = longest.next();
      if (refusal.nanosLeft(now) > 0) {
        break;
      }
      longest.remove();
      refusal.close();
    }
  }

  private long millisToNextDeadline() {
    long now = System.nanoTime();
    long nanos = Math.min(nanosLeft(awaiting, now), nanosLeft(lingering, now));
    // Zero would be without end; and a wait that is short by a fraction would be waited again.
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
  }

  private static long nanosLeft(Set<Refusal> refusals, long now) {
    return refusals.isEmpty() ? TimeUnit.HOURS.toNanos(1) : first(refusals).nanosLeft(now);
  }

  private static Refusal first(Set<Refusal> refusals) {
    return refusals.iterator().next();
  }

  /** Sends all of them off, and gives up the selector; for when no thread runs it. */
  void close() {
    takeIn();
    awaiting.forEach(Refusal::answerAtOnce);
    lingering.forEach(Refusal::close);
    try {
      selector.close();
    } catch (IOException broken) {
      LOG.log(Level.DEBUG, "the door did not close cleanly", broken);
    }
  }
}
