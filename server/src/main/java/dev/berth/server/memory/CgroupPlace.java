package dev.berth.server.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The place of this process in the hierarchy of cgroups that accounts for memory.
 *
 * @param upwards the directories from the process's own cgroup up to the highest one visible
 */
record CgroupPlace(CgroupNames names, List<Path> upwards) {
  CgroupPlace {
    upwards = List.copyOf(upwards);
  }

  /** The directory of the process's own cgroup. */
  Path own() {
    return upwards.getFirst();
  }

  /**
   * Finds it, or nothing if no cgroup accounts for the memory of this process. Version 1 is asked
   * first: where both are mounted, memory is version 1's, or it would not be listed there.
   */
  static Optional<CgroupPlace> find(Path root) {
    Path memberships = root.resolve("proc/self/cgroup");
    Path mounts = root.resolve("proc/self/mountinfo");
    if (!Files.exists(memberships) || !Files.exists(mounts)) {
      return Optional.empty();
    }
    List<Membership> member =
        KernelFile.text(memberships).lines().flatMap(Membership::parse).toList();
    List<CgroupMount> mounted =
        KernelFile.text(mounts).lines().flatMap(CgroupMount::parse).toList();
    return Stream.of(CgroupNames.V1, CgroupNames.V2)
        .flatMap(names ->
            member.stream()
                .filter(membership -> membership.names() == names)
                .flatMap(membership -> at(root, membership, mounted).stream()))
        .findFirst();
  }

  private static Optional<CgroupPlace> at(
      Path root, Membership membership, List<CgroupMount> mounted) {
    return mounted.stream()
        .filter(mount -> mount.names() == membership.names())
        .flatMap(mount ->
            Stream.of(mount.directoryOf(membership.path()), mount.point())
                .map(at -> upwards(root, mount, at)))
        .map(upwards -> accounting(membership.names(), upwards))
        .filter(upwards -> !upwards.isEmpty())
        .map(upwards -> new CgroupPlace(membership.names(), upwards))
        .findFirst();
  }

  private static List<Path> upwards(Path root, CgroupMount mount, String directory) {
    Path top = under(root, mount.point());
    List<Path> upwards = new ArrayList<>();
    for (Path at = under(root, directory); at.startsWith(top); at = at.resolveSibling("")) {
      upwards.add(at);
      if (at.equals(top)) {
        break;
      }
    }
    return upwards;
  }

  /**
   * From the first directory that accounts for memory on: v2 may have left the process's own
   * without the controller.
   */
  private static List<Path> accounting(CgroupNames names, List<Path> upwards) {
    List<Path> rest =
        upwards.stream()
            .dropWhile(directory -> !Files.exists(directory.resolve(names.usage())))
            .toList();
    // v1 accounts at its root as well, but that is the machine and no container; only the true root
    // has this file
    return rest.isEmpty() || Files.exists(rest.getFirst().resolve("release_agent"))
        ? List.of()
        : rest;
  }

  private static Path under(Path root, String absolute) {
    return root.resolve(absolute.substring(1)).normalize();
  }

  /**
   * A line {@code id:controllers:path} of {@code /proc/self/cgroup}; {@code 0::path} is version
   * 2's.
   */
  private record Membership(CgroupNames names, String path) {
    static Stream<Membership> parse(String line) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3 || !fields[2].startsWith("/")) {
        return Stream.empty();
      }
      if (fields[0].equals("0") && fields[1].isEmpty()) {
        return Stream.of(new Membership(CgroupNames.V2, fields[2]));
      }
      boolean memory = List.of(fields[1].split(",")).contains("memory");
      return memory ? Stream.of(new Membership(CgroupNames.V1, fields[2])) : Stream.empty();
    }
  }
}
