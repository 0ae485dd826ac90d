package dev.berth.server.limit;

/**
 * The connection limit that a memory limit allows before anything is known about the connections:
 * the limit {@code auto}. A guess on the safe side, meant to hold until an operator has learned
 * what a connection really costs.
 */
public final class MemoryLimit {
  /**
   * The percentage of the container's memory that a full server may use. The rest is for what no
   * figure shows in time: the garbage between two collections, the sockets' kernel buffers, a
   * burst. The same default as a policy's {@code memory.targetUtilization}.
   */
  public static final int TARGET_PERCENT = 75;

  /**
   * What a connection is taken to cost, in bytes, all told. An idle one costs a few KiB; a busy one
   * has a request and a response buffer, its stack, its socket's kernel buffers, and what its
   * handler keeps for it, which add up to about this. A guess too high costs a few refused clients,
   * one too low an out-of-memory kill.
   */
  public static final long BYTES_PER_CONNECTION = 64 * 1024;

  /**
   * What a connection is taken to cost of that in the heap, in bytes: a busy one's two buffers of 8
   * KiB.
   */
  public static final long HEAP_BYTES_PER_CONNECTION = 16 * 1024;

  /** What even an idle connection costs of the heap, in bytes. */
  public static final long HEAP_BYTES_PER_IDLE_CONNECTION = 2 * 1024;

  /**
   * The least number of file descriptors kept back from connections: the JVM's own files, the
   * pollers, the listening sockets, the admin port's connections, the refused that linger until
   * they have read their answer.
   */
  public static final long LEAST_RESERVED_DESCRIPTORS = 256;

  /**
   * The percentage of the file descriptors kept back where that is more: refused connections come
   * in proportion.
   */
  public static final int RESERVED_DESCRIPTORS_PERCENT = 5;

  private MemoryLimit() {}

  /**
   * A memory that connections share with the rest of the server, in bytes.
   *
   * @param limit what there is of it
   * @param base what the server uses of it without connections
   */
  public record Room(long limit, long base) {
    /**
     * Fails unless both are 0 or more.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public Room {
      notNegative("the memory limit", limit);
      notNegative("the base memory", base);
    }

    private long connectionsOf(long bytes) {
      return (percent(limit, TARGET_PERCENT) - base) / bytes;
    }
  }

  /**
   * The limit, at least 1: a server that admits nobody would never show what a connection costs.
   *
   * @param container the container's memory
   * @param heap the heap, which may be full long before the container is
   * @param descriptors how many files the process may have open
   * @throws IllegalArgumentException if that is negative
   */
  public static int of(Room container, Room heap, long descriptors) {
    long byDescriptors =
        descriptors - reserved(notNegative("the number of file descriptors", descriptors));
    long byMemory =
        Math.min(
            container.connectionsOf(BYTES_PER_CONNECTION),
            heap.connectionsOf(HEAP_BYTES_PER_CONNECTION));
    return Math.clamp(Math.min(byMemory, byDescriptors), 1, Integer.MAX_VALUE);
  }

  /** How many connections a heap of so many bytes could hold if it held nothing else. */
  public static long atMostIn(long heapBytes) {
    return heapBytes / HEAP_BYTES_PER_IDLE_CONNECTION;
  }

  private static long reserved(long descriptors) {
    return Math.max(LEAST_RESERVED_DESCRIPTORS, percent(descriptors, RESERVED_DESCRIPTORS_PERCENT));
  }

  // "unlimited" is near Long.MAX_VALUE in some kernels' words, so the product must not overflow
  private static long percent(long whole, int percent) {
    return whole / 100 * percent + whole % 100 * percent / 100;
  }

  private static long notNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is " + value + ": it must be 0 or more");
    }
    return value;
  }
}
