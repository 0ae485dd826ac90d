package dev.berth.server.memory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Asks the JVM for a full collection where it would not think of one. When connections have ebbed
 * away and the server is calm: a collector that is never asked keeps the memory of the greatest
 * flood. And when it is no longer known how much of the heap is alive, from which {@link
 * LiveMemory} tells what connections cost: young collections leave garbage in the old generation
 * for minutes. A virtual thread of its own, that looks once a second.
 */
public final class FullCollections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FullCollections.class.getName());
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final IntSupplier connections;
  private final LongSupplier requests;
  private final LiveMemory live;
  private final Thread thread;

  private FullCollections(IntSupplier connections, LongSupplier requests, LiveMemory live) {
    this.connections = connections;
    this.requests = requests;
    this.live = live;
    this.thread = Thread.ofVirtual().name("collections").unstarted(this::watch);
  }

  /**
   * Begins to look.
   *
   * @param connections how many are open
   * @param requests how many were ever served
   * @param live what is known of the heap
   */
  public static FullCollections watch(
      IntSupplier connections, LongSupplier requests, LiveMemory live) {
    FullCollections collections = new FullCollections(connections, requests, live);
    collections.thread.start();
    return collections;
  }

  private void watch() {
    Ebb ebb = new Ebb(System::nanoTime);
    HeapSurvey survey = new HeapSurvey(System::nanoTime);
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
        int open = connections.getAsInt();
        boolean ebbed = ebb.due(open, requests.getAsLong());
        if (ebbed || survey.due(open, live.heapAliveBytes(), live.heapUnknownBytes())) {
          long began = System.nanoTime();
          collect(open);
          survey.taken(open, System.nanoTime() - began);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void collect(int open) {
    long before = memory.getHeapMemoryUsage().getCommitted();
    memory.gc();
    long after = memory.getHeapMemoryUsage().getCommitted();
    LOG.log(
        Level.DEBUG,
        "collected the heap at "
            + open
            + " connections: it went from "
            + ByteSize.format(before)
            + " to "
            + ByteSize.format(after));
  }

  /** Looks no more. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
