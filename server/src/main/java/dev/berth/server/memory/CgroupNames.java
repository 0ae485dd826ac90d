package dev.berth.server.memory;

/** What the two versions of cgroups call the same things. */
enum CgroupNames {
  V2("cgroup v2", "memory.max", "memory.current", "inactive_file", ""),
  // v1's figures without "total_" leave the cgroups below out, which usage_in_bytes counts
  V1(
      "cgroup v1",
      "memory.limit_in_bytes",
      "memory.usage_in_bytes",
      "total_inactive_file",
      "hierarchical_memory_limit");

  private final String source;
  private final String limit;
  private final String usage;
  private final String inactiveFile;
  private final String inherited;

  CgroupNames(String source, String limit, String usage, String inactiveFile, String inherited) {
    this.source = source;
    this.limit = limit;
    this.usage = usage;
    this.inactiveFile = inactiveFile;
    this.inherited = inherited;
  }

  /** The version, for people. */
  String source() {
    return source;
  }

  /** The file that holds the cgroup's own limit. */
  String limit() {
    return limit;
  }

  /** The file that holds what the cgroup is charged for. */
  String usage() {
    return usage;
  }

  /** The line of {@code memory.stat} that counts the inactive file pages. */
  String inactiveFile() {
    return inactiveFile;
  }

  /**
   * The line of {@code memory.stat} that tells the narrowest limit of all ancestors; empty if there
   * is none.
   */
  String inherited() {
    return inherited;
  }
}
