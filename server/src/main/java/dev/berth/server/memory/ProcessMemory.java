package dev.berth.server.memory;

import java.nio.file.Path;

/**
 * One process that was told its limit. Its working set is its resident set, {@code VmRSS}: what
 * {@code ps} and {@code top} show, so that people can check it. That counts the JVM's mapped files
 * in full, though processes share their pages; they are the same at any number of connections, and
 * so part of what the process needs without any.
 *
 * @param root what stands for {@code /}
 */
record ProcessMemory(Path root, long limitBytes) implements ContainerMemory {
  ProcessMemory {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException(
          "the memory limit is " + limitBytes + " bytes: it must be more than 0");
    }
  }

  @Override
  public long workingSetBytes() {
    return KernelFile.requiredFigure(root.resolve("proc/self/status"), "VmRSS");
  }

  @Override
  public String source() {
    return "process";
  }
}
