package dev.berth.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel tells of a process (proc(5), status). */
public final class ProcessStatus {
  private ProcessStatus() {}

  /**
   * A size, in bytes.
   *
   * @param name such as {@code VmRSS} for what is resident, or {@code VmHWM} for the most that was
   */
  public static long bytes(long pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
