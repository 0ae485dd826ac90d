package dev.berth.server.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Pages straight from the kernel: {@code mmap} and {@code munmap} of Linux.
 *
 * <p>Why not something simpler, measured with 4,000 times 64 KiB in a JVM of 50 threads: {@code
 * malloc} keeps what is freed in the process (all of it while one in twenty is still held), and so
 * do arenas, which stand on it, so that a closed connection would still count in the working set;
 * closing an {@code Arena.ofShared} moreover stops every thread for a handshake, 50 µs each time,
 * where {@code munmap} takes 15 to 30 µs and gives all of it back at once.
 */
final class AnonymousMapping {
  // sys/mman.h; these are the same on every architecture that a JDK 25 runs on under Linux
  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_POPULATE = 0x8000; // the kernel touches every page in the same call
  private static final long MAP_FAILED = -1;

  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MUNMAP =
      function(
          "munmap",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private AnonymousMapping() {}

  /** Maps and touches this many bytes, and returns their address, which is never 0. */
  static long map(long bytes) {
    long address;
    try {
      address =
          (long)
              MMAP.invokeExact(
                  0L, bytes, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0L);
    } catch (Throwable e) {
      throw new AssertionError("mmap throws nothing", e);
    }
    if (address == MAP_FAILED) {
      throw new IllegalStateException("the kernel gives no " + bytes + " bytes of memory to pin");
    }
    return address;
  }

  /** Gives back what {@link #map} returned. */
  static void unmap(long address, long bytes) {
    int result;
    try {
      result = (int) MUNMAP.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw new AssertionError("munmap throws nothing", e);
    }
    if (result != 0) {
      throw new IllegalStateException("the kernel takes " + bytes + " pinned bytes not back");
    }
  }

  @SuppressWarnings("restricted") // the jar's manifest enables native access
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    return linker.downcallHandle(address, type);
  }
}
