package dev.berth.server.memory;

import java.nio.file.Path;

/**
 * The machine in the place of a container: its limit is the memory installed, its working set this
 * process's resident set, since what else runs there is none of ours.
 *
 * @param root what stands for {@code /}
 */
record MachineMemory(Path root) implements ContainerMemory {
  @Override
  public long limitBytes() {
    return KernelFile.requiredFigure(root.resolve("proc/meminfo"), "MemTotal");
  }

  @Override
  public long workingSetBytes() {
    return KernelFile.requiredFigure(root.resolve("proc/self/status"), "VmRSS");
  }

  @Override
  public String source() {
    return "machine";
  }
}
