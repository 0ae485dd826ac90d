package dev.berth.server.memory;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Asks the JVM for a full collection when connections have ebbed away and the server is calm: a
 * collector that is never asked keeps the memory of the greatest flood, and {@link LiveMemory}
 * keeps telling what was alive then. A virtual thread of its own, that looks once a second.
 */
public final class EbbCollections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EbbCollections.class.getName());
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final IntSupplier connections;
  private final LongSupplier requests;
  private final Thread thread;

  private EbbCollections(IntSupplier connections, LongSupplier requests) {
    this.connections = connections;
    this.requests = requests;
    this.thread = Thread.ofVirtual().name("ebb").unstarted(this::watch);
  }

  /**
   * Begins to look.
   *
   * @param connections how many are open
   * @param requests how many were ever served
   */
  public static EbbCollections watch(IntSupplier connections, LongSupplier requests) {
    EbbCollections ebb = new EbbCollections(connections, requests);
    ebb.thread.start();
    return ebb;
  }

  private void watch() {
    Ebb ebb = new Ebb(System::nanoTime);
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
        if (ebb.due(connections.getAsInt(), requests.getAsLong())) {
          collect();
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void collect() {
    long before = memory.getHeapMemoryUsage().getCommitted();
    memory.gc();
    long after = memory.getHeapMemoryUsage().getCommitted();
    LOG.log(
        Level.DEBUG,
        "few connections and calm: the heap went from "
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
