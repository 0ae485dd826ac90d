package dev.berth.server.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
  private volatile @Nullable String reason;

  // The watch's thread's.
  private long failedBefore;
  private boolean wanting;
  private int secondsFull;

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
    Thread thread = Thread.ofPlatform().name("last resort").daemon().start(watch);
    Thread.setDefaultUncaughtExceptionHandler((dead, failure) -> {
      if (failure instanceof OutOfMemoryError) {
        watch.give("a thread has died for want of memory");
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

  private void give(String why) {
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
      give("there is no memory even to look");
      end();
    }
  }

  private void look() {
    if (signs.broken()) {
      give("a thread that all connections depend on has ended");
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
      give("the heap stays full");
    }
  }

  private void end() {
    try {
      // Before a word is said: whoever died for want of memory may have held the log's lock.
      halt.start();
      say("can't go on: ", reason);
      exit.start();
    } catch (RuntimeException | Error failure) {
      Runtime.getRuntime().halt(STATUS);
    }
  }

  private void haltInTime() {
    long deadline = System.nanoTime() + patienceNanos;
    while (System.nanoTime() < deadline) {
      LockSupport.parkNanos(deadline - System.nanoTime());
    }
    Runtime.getRuntime().halt(STATUS);
  }

  private static void say(String what, @Nullable String detail) {
    try {
      LOG.log(Level.ERROR, what + detail);
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
