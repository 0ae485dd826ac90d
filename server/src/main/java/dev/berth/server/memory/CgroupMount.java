package dev.berth.server.memory;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mounted hierarchy of cgroups that may account for memory.
 *
 * @param hierarchyRoot the cgroup whose directory the mount point is, as this process sees cgroups;
 *     {@code /..} and the like when the mount was made outside of the process's cgroup namespace
 * @param point the absolute path it is mounted on
 */
record CgroupMount(CgroupNames names, String hierarchyRoot, String point) {
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /**
   * A line of {@code /proc/self/mountinfo}, or nothing if it is another kind of mount.
   *
   * @see <a
   *     href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
   */
  static Stream<CgroupMount> parse(String line) {
    String[] halves = line.split(" - ", 2); // before it a variable number of optional fields
    if (halves.length < 2) {
      return Stream.empty();
    }
    String[] mount = halves[0].split(" ", -1);
    String[] fileSystem = halves[1].split(" ", -1);
    if (mount.length < 5 || fileSystem.length < 3) {
      return Stream.empty();
    }
    String root = unescaped(mount[3]);
    String point = unescaped(mount[4]);
    return switch (fileSystem[0]) {
      case "cgroup2" -> Stream.of(new CgroupMount(CgroupNames.V2, root, point));
      case "cgroup" ->
          List.of(fileSystem[2].split(",")).contains("memory")
              ? Stream.of(new CgroupMount(CgroupNames.V1, root, point))
              : Stream.empty();
      default -> Stream.empty();
    };
  }

  /**
   * The directory of a cgroup. If the mount does not show it by that name, the mount point itself:
   * a container sees its own cgroup mounted there, whatever name it has outside.
   */
  String directoryOf(String cgroup) {
    String below = hierarchyRoot.equals("/") ? "" : hierarchyRoot;
    boolean shown = cgroup.equals(below) || cgroup.startsWith(below + "/");
    return shown && !cgroup.contains("/..") ? point + cgroup.substring(below.length()) : point;
  }

  private static String unescaped(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(octal -> {
          String c = Character.toString((char) Integer.parseInt(octal.group(1), 8));
          return Matcher.quoteReplacement(c);
        });
  }
}
