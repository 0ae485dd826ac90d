package dev.berth.server.access;

import dev.berth.server.log.Mishap;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An access log that writes lines to a stream, on a thread of its own: whoever answers only puts
 * down what is to be written. At most {@value #WAITING_AT_MOST} answers wait for it; when the
 * stream is slower than that, further ones are dropped and counted, and nobody waits. Safe for any
 * number of threads.
 */
public final class AccessWriter implements AccessLog, AutoCloseable {
  static final int WAITING_AT_MOST = 4_096;

  private static final Logger LOG = System.getLogger(AccessWriter.class.getName());
  private static final Mishap FAILED =
      new Mishap(AccessWriter.class, "writing the access log failed; the next answers follow");
  // Lines that are written together cost less than lines written apart; nobody reads faster.
  private static final long GATHER_NANOS = Duration.ofMillis(10).toNanos();
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final Waiting WAKE = new Waiting(null, 0);

  /**
   * What waits to be written.
   *
   * @param access null only in {@link #WAKE}, which has the writer look whether it is to end
   */
  private record Waiting(@Nullable Access access, long epochMillis) {}

  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
  private final LongAdder dropped = new LongAdder();
  private final OutputStream sink;
  private final AccessLines lines;
  private final InstantSource time;
  private final Thread writer;
  private volatile boolean closed;

  // The writer's.
  private boolean failing;
  private long droppedBefore;

  private AccessWriter(OutputStream sink, AccessFormat format, InstantSource time) {
    this.sink = sink;
    this.lines = new AccessLines(format);
    this.time = time;
    this.writer = Thread.ofPlatform().name("access log").daemon().unstarted(this::run);
  }

  /** Starts to write to {@code sink}, which stays the caller's to close. */
  public static AccessWriter start(OutputStream sink, AccessFormat format, InstantSource time) {
    AccessWriter log = new AccessWriter(sink, format, time);
    log.writer.start();
    return log;
  }

  @Override
  public void answered(Access access) {
    if (closed || !waiting.offer(new Waiting(access, time.millis()))) {
      dropped.increment();
    }
  }

  /** How many answers were not written, since the stream was too slow or failed. */
  public long dropped() {
    return dropped.sum();
  }

  /** Writes what waits, for a second at most, and ends. */
  @Override
  public void close() {
    closed = true;
    // If there is no room for it, then the writer is awake.
    boolean _ = waiting.offer(WAKE);
    try {
      writer.join(FAREWELL);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    while (!closed || !waiting.isEmpty()) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException nobodyShould) {
        continue;
      }
      if (!closed) {
        LockSupport.parkNanos(GATHER_NANOS);
      }
      waiting.drainTo(batch);
      try {
        write(batch);
        warnOfDrops();
      } catch (RuntimeException | Error failure) {
        FAILED.log(failure);
      }
      batch.clear();
    }
  }

  private void write(List<Waiting> batch) {
    for (Waiting next : batch) {
      Access access = next.access();
      if (access != null) {
        lines.add(access, next.epochMillis());
      }
    }
    try {
      sink.write(lines.take().getBytes(StandardCharsets.ISO_8859_1));
      sink.flush();
      failing = false;
    } catch (IOException failure) {
      dropped.add(batch.size());
      if (!failing) {
        failing = true;
        LOG.log(Level.WARNING, "can't write the access log: " + failure.getMessage());
      }
    }
  }

  private void warnOfDrops() {
    long now = dropped.sum();
    if (now > droppedBefore && !failing) {
      LOG.log(
          Level.WARNING,
          "the access log lacks " + (now - droppedBefore) + " lines: what reads it is too slow");
    }
    droppedBefore = now;
  }
}
