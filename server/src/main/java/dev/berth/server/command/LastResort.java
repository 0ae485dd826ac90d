package dev.berth.server.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process that can't serve as it should any more, and says so: a restart is better than a
 * server that lost a thread, or whose heap stays full. A request for which the heap had no room is
 * no reason; its handler's memory is free again when it is over.
 *
 * <p>The reasons: one of the server's threads has ended; a thread of anybody, the JVM's own that
 * virtual threads depend on among them, has died for want of memory; or something failed for want
 * of memory and the heap stays full, whatever is collected, for {@value #FULL_SECONDS} seconds.
 *
 * <p>The process drains as at a signal and exits with {@value #STATUS}; if even that is stuck, it
 * is halted.
 */
final class LastResort implements Runnable {
  /** What the process exits with: EX_SOFTWARE of sysexits.h. */
  static final int STATUS = 70;

  private static final int FULL_SECONDS = 10;
  private static final Logger LOG = System.getLogger(LastResort.class.getName());

  private static final FileOutputStream STDERR = new FileOutputStream(FileDescriptor.err);
  private static final byte[] FULL =
      "can't go on: the heap is so full that there is no room to say more\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Signs signs;
  private final long patienceNanos;
  // Made in time: there may be no memory for it later.
  private final Thread exit = Thread.ofPlatform().daemon().unstarted(() -> System.exit(STATUS));
  private final Thread halt = Thread.ofPlatform().daemon().unstarted(this::haltInTime);
  private volatile @Nullable Reason reason;

  // The watch's thread's.
  private long failedBefore;
  private boolean wanting;
  private int secondsFull;

  /**
   * Why it ends the process. Made before it is needed, as a literal isn't: the first use of one
   * asks the heap for room, and a full heap ended the watch instead of the process.
   */
  private enum Reason {
    BROKEN("a thread that all connections depend on has ended"),
    DEAD("a thread has died for want of memory"),
    FULL("the heap stays full"),
    BLIND("there is no memory even to look");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  /** What it looks at, once a second. */
  interface Signs {
    /** Whether one of the server's threads has ended. */
    boolean broken();

    /** How often memory was wanting. */
    long timesOutOfMemory();

    /** Whether the heap is full even after a collection. */
    boolean heapFull();
  }

  private LastResort(Signs signs, Duration patience) {
    this.signs = signs;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Begins to look.
   *
   * @param patience how long the process may take to end by itself
   */
  static LastResort watch(Signs signs, Duration patience) {
    LastResort watch = new LastResort(signs, patience);
    // Their class is initialized now, while there is memory
    Objects.requireNonNull(Reason.BLIND);
    Thread thread = Thread.ofPlatform().name("last resort").daemon().start(watch);
    Thread.setDefaultUncaughtExceptionHandler((dead, failure) -> {
      if (failure instanceof OutOfMemoryError) {
        watch.give(Reason.DEAD);
        LockSupport.unpark(thread);
      }
      tellOf(dead, failure);
    });
    return watch;
  }

  /** What the process exits with: 0 unless this ended it. */
  int status() {
    return reason == null ? 0 : STATUS;
  }

  private static void tellOf(Thread dead, Throwable failure) {
    try {
      LOG.log(Level.ERROR, "thread " + dead.getName() + " has died", failure);
    } catch (OutOfMemoryError full) {
      sayWithoutMemory();
    }
  }

  private void give(Reason why) {
    if (reason == null) {
      reason = why;
    }
  }

  @Override
  public void run() {
    try {
      while (reason == null) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        try {
          look();
        } catch (OutOfMemoryError full) {
          wanting = true;
          stillFull();
        }
      }
    } finally {
      // Even code that runs for the first time wants memory.
      give(Reason.BLIND);
      end();
    }
  }

  private void look() {
    if (signs.broken()) {
      give(Reason.BROKEN);
    }
    long failed = signs.timesOutOfMemory();
    wanting |= failed != failedBefore;
    failedBefore = failed;
    if (signs.heapFull()) {
      stillFull();
    } else {
      wanting = false;
      secondsFull = 0;
    }
  }

  private void stillFull() {
    if (wanting && ++secondsFull >= FULL_SECONDS) {
      give(Reason.FULL);
    }
  }

  private void end() {
    try {
      // Before a word is said: whoever died for want of memory may have held the log's lock.
      halt.start();
      say(reason);
      exit.start();
    } catch (RuntimeException | Error failure) {
      Runtime.getRuntime().halt(STATUS);
    }
  }

  private void haltInTime() {
    try {
      long deadline = System.nanoTime() + patienceNanos;
      while (System.nanoTime() < deadline) {
        LockSupport.parkNanos(deadline - System.nanoTime());
      }
    } finally {
      Runtime.getRuntime().halt(STATUS);
    }
  }

  private static void say(@Nullable Reason reason) {
    try {
      LOG.log(Level.ERROR, "can't go on: " + (reason == null ? "" : reason.words));
    } catch (OutOfMemoryError full) {
      sayWithoutMemory();
    }
  }

  private static void sayWithoutMemory() {
    try {
      STDERR.write(FULL);
    } catch (IOException broken) {
      // The status tells it as well.
    }
  }
}
