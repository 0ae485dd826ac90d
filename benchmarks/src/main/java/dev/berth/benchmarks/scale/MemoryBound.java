package dev.berth.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A memory cgroup like a container's, where this user may make one: version 2 or 1. Its processes
 * are killed above the limit.
 */
record MemoryBound(Path folder, String current, String peak) implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Makes one; none where that isn't allowed. */
  static Optional<MemoryBound> of(long bytes) {
    String name = "berth-scale-" + ProcessHandle.current().pid();
    try {
      if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
        Path folder = Files.createDirectory(ROOT.resolve(name));
        Files.writeString(folder.resolve("memory.max"), Long.toString(bytes));
        return Optional.of(new MemoryBound(folder, "memory.current", "memory.peak"));
      }
      Path folder = Files.createDirectory(ROOT.resolve("memory").resolve(name));
      Files.writeString(folder.resolve("memory.limit_in_bytes"), Long.toString(bytes));
      return Optional.of(
          new MemoryBound(folder, "memory.usage_in_bytes", "memory.max_usage_in_bytes"));
    } catch (IOException notAllowed) {
      return Optional.empty();
    }
  }

  /** The command that starts {@code command} in here. */
  List<String> around(List<String> command) {
    var words =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                folder.resolve("cgroup.procs").toString()));
    words.addAll(command);
    return words;
  }

  /** Bytes in use, the page cache included. */
  long used() throws IOException {
    return read(current);
  }

  /** The most bytes that were in use; 0 where the kernel doesn't tell. */
  long most() throws IOException {
    return Files.exists(folder.resolve(peak)) ? read(peak) : 0;
  }

  private long read(String file) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(file)).strip());
  }

  @Override
  public void close() throws IOException {
    Files.delete(folder);
  }
}
