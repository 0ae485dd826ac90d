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
 * What this process needs now, in bytes: the heap that was in use after the last collection, the
 * JVM's memory outside the heap (classes, compiled code), direct buffers, and pinned bytes. Unlike
 * the working set it falls when load has gone, since it leaves out memory that is committed but
 * free.
 *
 * <p>An estimate, and no bound in either direction. The heap's part moves only at collections, so
 * it lags behind a quick rise, and after a young collection it counts old garbage too. Platform
 * threads' stacks, the collector's own structures and the kernel's buffers are left out; they
 * hardly depend on the number of connections, or nobody tells them by process.
 *
 * <p>May be asked by any thread; costs some tens of microseconds.
 */
public final class LiveMemory {
  private final PinnedBytes pinned;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
  private final List<BufferPoolMXBean> direct =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .toList();
  private final Set<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());

  private LiveMemory(PinnedBytes pinned) {
    this.pinned = pinned;
  }

  /** The live memory of this process, in which connections pin these bytes. */
  public static LiveMemory of(PinnedBytes pinned) {
    return new LiveMemory(pinned);
  }

  /** The estimate, in bytes. */
  public long bytes() {
    return heapBytes() + memory.getNonHeapMemoryUsage().getUsed() + directBytes() + pinned.total();
  }

  /** The heap's part: in use after the last collection, or in use now if there was none yet. */
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
        .filter(pool -> heapPools.contains(pool.getKey()))
        .map(Map.Entry::getValue)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  private long directBytes() {
    return direct.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
  }
}
