package dev.berth.server.memory;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this process needs now, in bytes: what of the heap is alive, the JVM's memory outside the
 * heap (classes, compiled code), direct buffers, and pinned bytes. Unlike the working set it falls
 * when load has gone, since it leaves out memory that is committed but free.
 *
 * <p>An estimate, and no bound in either direction. What of the heap is alive is known after a full
 * collection only; what has come since counts beyond its first {@value #SLACK} bytes, which are as
 * likely garbage ({@link FullCollections} sees to it that it doesn't become much more). Before the
 * first one all that is in use counts: a process that has just started, told as smaller than it
 * will ever be again, makes its first connections look costly. Platform threads' stacks, the
 * collector's own structures and the kernel's buffers are left out; they hardly depend on the
 * number of connections, or nobody tells them by process.
 *
 * <p>May be asked by any thread; costs some tens of microseconds.
 */
public final class LiveMemory {
  private static final long SLACK = HeapSurvey.BYTES_WORTH_IT;

  private final PinnedBytes pinned;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
  private final List<BufferPoolMXBean> direct =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .toList();
  private final List<MemoryPoolMXBean> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final Set<String> heapNames =
      heapPools.stream().map(MemoryPoolMXBean::getName).collect(Collectors.toUnmodifiableSet());

  private final List<GarbageCollectorMXBean> full =
      collectors.stream()
          .filter(each -> Set.of(each.getMemoryPoolNames()).containsAll(heapNames))
          .toList();

  private LiveMemory(PinnedBytes pinned) {
    this.pinned = pinned;
  }

  /** The live memory of this process, in which connections pin these bytes. */
  public static LiveMemory of(PinnedBytes pinned) {
    return new LiveMemory(pinned);
  }

  /** The estimate, in bytes. */
  public long bytes() {
    return heapNeededBytes(surveyed(), heapAliveBytes(), heapBytes())
        + codeBytes()
        + directBytes()
        + pinned.total();
  }

  /**
   * What of the heap counts.
   *
   * @param surveyed whether there was a full collection
   * @param alive after it
   * @param used after the last collection of any kind
   */
  static long heapNeededBytes(boolean surveyed, long alive, long used) {
    return surveyed ? alive + Math.max(0, used - alive - SLACK) : used;
  }

  private boolean surveyed() {
    return full.stream().anyMatch(collector -> collector.getCollectionCount() > 0);
  }

  /**
   * The part of it that connections don't move, in bytes: the JVM's memory outside the heap, which
   * is classes and compiled code. It grows with the first load, for good.
   */
  public long codeBytes() {
    return memory.getNonHeapMemoryUsage().getUsed();
  }

  /** What of the heap was alive, each of its pools after its own last collection, in bytes. */
  long heapAliveBytes() {
    return heapPools.stream()
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(Objects::nonNull) // not a pool that is collected
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /** What young collections have left since, alive or garbage, in bytes. */
  long heapUnknownBytes() {
    return Math.max(0, heapBytes() - heapAliveBytes());
  }

  /** The heap in use after the last collection of any kind, or now if there was none yet. */
  public long heapBytes() {
    return collectors.stream()
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .filter(Objects::nonNull) // this collector has not run yet
        .filter(last ->
            heapAfter(last)
                > 0) // ZGC's and Shenandoah's pauses are collectors of their own that measure no
        // memory
        .max(Comparator.comparingLong(GcInfo::getEndTime))
        .map(this::heapAfter)
        .orElseGet(() -> memory.getHeapMemoryUsage().getUsed());
  }

  private long heapAfter(GcInfo collection) {
    return collection.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> heapNames.contains(pool.getKey()))
        .map(Map.Entry::getValue)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  private long directBytes() {
    return direct.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
  }
}
