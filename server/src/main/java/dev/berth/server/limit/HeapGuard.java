package dev.berth.server.limit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/**
 * Keeps a connection limit from filling the heap: whatever number the limit is moved to, there is
 * none that a file or an operator can know to fit, since what a connection costs in the heap is up
 * to its handler. So the heap itself is asked. When a collection has left it nearly full, no more
 * connections are held than it holds now, and when it is as good as full, a few less; once a
 * collection shows that there is room, that bound is gone.
 *
 * <p>A full heap ends the process and breaks every connection; a refused client comes again. What
 * counts is what collections left over, not what is in use, which garbage fills at any load.
 *
 * <p>Used by one thread, the one that looks.
 */
public final class HeapGuard {
  private static final Logger LOG = System.getLogger(HeapGuard.class.getName());

  private static final int ROOMY_PERCENT = 70;
  private static final int NEARLY_FULL_PERCENT = 85;
  private static final int FULL_PERCENT = 95;
  private static final int KEPT_PERCENT = 90;

  private static final int LEAST = 256;

  private final ConnectionLimit limit;
  private final Optional<MemoryPoolMXBean> old;
  private final int least;
  private long lastSeen;
  private boolean bounded;

  /**
   * @param old what lives long; empty if the collector has no such part of the heap
   * @param heapBytes the most that the heap may grow to; of which a quarter is the connections' in
   *     any case, since a heap that is full of something else is not relieved by refusing them
   */
  HeapGuard(ConnectionLimit limit, Optional<MemoryPoolMXBean> old, long heapBytes) {
    this.limit = limit;
    this.old = old;
    this.least =
        Math.clamp(heapBytes / 4 / MemoryLimit.HEAP_BYTES_PER_CONNECTION, LEAST, Integer.MAX_VALUE);
  }

  /** Guards this process's heap. */
  public static HeapGuard of(ConnectionLimit limit) {
    return new HeapGuard(limit, oldGeneration(), Runtime.getRuntime().maxMemory());
  }

  private static Optional<MemoryPoolMXBean> oldGeneration() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
        // Others are emptied by each collection, however full the heap is
        .filter(MemoryPoolMXBean::isUsageThresholdSupported)
        .findFirst();
  }

  /** Looks at what the last collection left; to be called some times a second. */
  public void look() {
    old.ifPresent(pool -> {
      MemoryUsage left = pool.getCollectionUsage();
      if (left != null && left.getMax() > 0) {
        look(left.getUsed(), left.getMax());
      }
    });
  }

  /** Takes note of what a collection left, once. */
  void look(long used, long most) {
    if (used == lastSeen) {
      return;
    }
    lastSeen = used;
    long percent = used * 100 / most;
    if (percent >= NEARLY_FULL_PERCENT) {
      int inUse = limit.inUse();
      int held = percent >= FULL_PERCENT ? (int) (inUse * (long) KEPT_PERCENT / 100) : inUse;
      bound(Math.max(least, held), percent);
    } else if (percent < ROOMY_PERCENT && bounded) {
      bounded = false;
      int before = limit.limit();
      limit.ceiling(Integer.MAX_VALUE);
      LOG.log(Level.INFO, "the heap has room again: limit " + limit.limit() + "; was " + before);
    }
  }

  private void bound(int most, long percent) {
    int before = limit.limit();
    limit.ceiling(most);
    if (!bounded && limit.limit() < before) {
      LOG.log(
          Level.WARNING,
          "the heap is "
              + percent
              + " % full with "
              + limit.inUse()
              + " connections, and can't hold the limit of "
              + before
              + ": no more than "
              + limit.limit()
              + " for now. A larger heap holds more (-Xmx).");
    }
    bounded = true;
  }
}
