package dev.berth.server.memory;

import java.nio.file.Files;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The memory of the cgroup this process is in; its limit is that of its narrowest ancestor, and
 * never more than the machine.
 */
record CgroupMemory(CgroupPlace place, MachineMemory machine) implements ContainerMemory {
  @Override
  public long limitBytes() {
    LongStream visible =
        place.upwards().stream()
            .map(directory -> directory.resolve(names().limit()))
            .filter(Files::exists) // the root of v2 has none
            .mapToLong(KernelFile::figure);
    return LongStream.of(visible.min().orElse(Long.MAX_VALUE), inherited(), machine.limitBytes())
        .min()
        .getAsLong();
  }

  /** The limit of ancestors that a container can't see: v1 tells it, v2 does not. */
  private long inherited() {
    return names().inherited().isEmpty()
        ? Long.MAX_VALUE
        : stat(names().inherited()).orElse(Long.MAX_VALUE);
  }

  @Override
  public long workingSetBytes() {
    long usage = KernelFile.figure(place.own().resolve(names().usage()));
    // The two are read one after the other, so the part may exceed the whole; cAdvisor reads that
    // as 0 as well.
    return Math.max(0, usage - stat(names().inactiveFile()).orElse(0));
  }

  @Override
  public String source() {
    return names().source();
  }

  private OptionalLong stat(String key) {
    return KernelFile.figure(place.own().resolve("memory.stat"), key);
  }

  private CgroupNames names() {
    return place.names();
  }
}
