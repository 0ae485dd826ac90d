package dev.berth.server.memory;

import java.nio.file.Path;

/**
 * The memory of the container this process runs in: how much it may use, and its working set. Where
 * no cgroup accounts for the memory, the machine stands for the container; in a process that was
 * told its limit, the process does.
 *
 * <p>Every call reads the kernel's files anew (some hundred microseconds) and may be made by any
 * thread.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">cgroup v2, memory</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">cgroup v1, memory</a>
 */
public sealed interface ContainerMemory permits CgroupMemory, MachineMemory, ProcessMemory {

  /** The memory of this process's container, or of the machine. */
  static ContainerMemory ofThisProcess() {
    return of(Path.of("/"));
  }

  /**
   * The memory as the kernel's files under {@code root} tell it: {@code proc/self/cgroup}, {@code
   * proc/self/mountinfo}, the cgroup file systems mounted there, {@code proc/meminfo}, {@code
   * proc/self/status}.
   */
  static ContainerMemory of(Path root) {
    MachineMemory machine = new MachineMemory(root);
    return CgroupPlace.find(root)
        .<ContainerMemory>map(place -> new CgroupMemory(place, machine))
        .orElse(machine);
  }

  /**
   * This process as if it were alone in a container with the given limit, in bytes. Its working set
   * is its resident set.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  static ContainerMemory ofProcess(long limitBytes) {
    return new ProcessMemory(Path.of("/"), limitBytes);
  }

  /**
   * The most the container may use, in bytes: the smallest limit of its cgroup and those above, or
   * the machine's memory where that is less or none is set.
   *
   * @throws java.io.UncheckedIOException if the kernel's file can't be read
   */
  long limitBytes();

  /**
   * What the container uses and can't give back cheaply, in bytes: all it is charged for less its
   * inactive file pages, as cAdvisor counts it ({@code setMemoryStats} in {@code
   * container/libcontainer/handler.go}), and so the kubelet and {@code kubectl top}.
   *
   * @throws java.io.UncheckedIOException if the kernel's file can't be read
   */
  long workingSetBytes();

  /**
   * Where the figures come from: {@code cgroup v2}, {@code cgroup v1}, {@code machine}, or {@code
   * process}.
   */
  String source();
}
