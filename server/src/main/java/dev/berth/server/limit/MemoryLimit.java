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
   * has a request and a response buffer, its stack, its socket's kernel buffers, and with TLS two
   * records of 16 KiB each way, which add up to about this. A guess too high costs a few refused
   * clients, one too low an out-of-memory kill.
   */
  public static final long BYTES_PER_CONNECTION = 64 * 1024;

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
   * The limit, at least 1: a server that admits nobody would never show what a connection costs.
   *
   * @param memoryLimitBytes the container's memory limit
   * @param baseBytes what the server uses without connections
   * @param descriptors how many files the process may have open
   * @throws IllegalArgumentException if one of them is negative
   */
  public static int of(long memoryLimitBytes, long baseBytes, long descriptors) {
    long target = percent(notNegative("the memory limit", memoryLimitBytes), TARGET_PERCENT);
    long byMemory = (target - notNegative("the base memory", baseBytes)) / BYTES_PER_CONNECTION;
    long byDescriptors =
        descriptors - reserved(notNegative("the number of file descriptors", descriptors));
    return Math.clamp(Math.min(byMemory, byDescriptors), 1, Integer.MAX_VALUE);
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
