package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test lays out the kernel's files as one kind of machine or container shows them. */
class ContainerMemoryTest {
  private static final String V2_MOUNT =
      "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String V1_UNLIMITED = "9223372036854771712\n";
  private static final long MACHINE = 8_000_000L * 1024;

  @TempDir Path root;

  @BeforeEach
  void layOutTheMachine() throws IOException {
    file("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:         1000000 kB\n");
    file(
        "proc/self/status",
        "Name:\tjava\nVmPeak:\t  999999 kB\nVmRSS:\t   50000 kB\nRssAnon:\t   30000 kB\n");
  }

  @Test
  void aV2ContainerWithItsOwnNamespaceSeesItselfAtTheMountPoint() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup", "134217728\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", 134_217_728, 50_000_000);
  }

  @Test
  void onAV2HostTheNarrowestAncestorLimits() throws IOException {
    file("proc/self/cgroup", "0::/kubepods/pod1/c1\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup/kubepods/pod1/c1", "max\n", "60000000\n", 10_000_000);
    v2("sys/fs/cgroup/kubepods/pod1", "300000000\n", "90000000\n", 0);
    v2("sys/fs/cgroup/kubepods", "700000000\n", "500000000\n", 0);
    assertMemory("cgroup v2", 300_000_000, 50_000_000);
  }

  @Test
  void withoutAnyV2LimitTheMachinesMemoryIsTheLimitAndTheContainersUseTheUse() throws IOException {
    file("proc/self/cgroup", "0::/a\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup/a", "max\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", MACHINE, 50_000_000);
  }

  @Test
  void aLimitAboveTheMachinesMemoryIsTheMachines() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup", "900000000000\n", "60000000\n", 0);
    assertMemory("cgroup v2", MACHINE, 60_000_000);
  }

  @Test
  void aV2CgroupWithoutTheMemoryControllerIsItsFirstAncestorThatHasIt() throws IOException {
    file("proc/self/cgroup", "0::/c1/init\n");
    file("proc/self/mountinfo", V2_MOUNT);
    Files.createDirectories(root.resolve("sys/fs/cgroup/c1/init"));
    v2("sys/fs/cgroup/c1", "200000000\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", 200_000_000, 50_000_000);
  }

  @Test
  void aV2CgroupNamedOutsideOfTheNamespaceIsTheMountPoint() throws IOException {
    file("proc/self/cgroup", "0::/../../pod2/c9\n");
    file("proc/self/mountinfo", "30 23 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
    v2("sys/fs/cgroup", "200000000\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", 200_000_000, 50_000_000);
  }

  @Test
  void theRootOfV2IsNoContainerButTheMachine() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", V2_MOUNT);
    file("sys/fs/cgroup/memory.stat", "inactive_file 0\n");
    assertMemory("machine", MACHINE, 50_000L * 1024);
  }

  @Test
  void aV1ContainerWithoutANamespaceSeesItsOwnCgroupMountedUnderItsHostsName() throws IOException {
    file("proc/self/cgroup", "9:cpu,cpuacct:/kubepods/pod1/c1\n8:memory:/kubepods/pod1/c1\n");
    file("proc/self/mountinfo", v1Mount("/kubepods/pod1/c1", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", "134217728\n", "60000000\n", 134_217_728, 10_000_000);
    assertMemory("cgroup v1", 134_217_728, 50_000_000);
  }

  @Test
  void aV1ContainerWithItsOwnNamespaceSeesItselfAtTheMountPoint() throws IOException {
    file("proc/self/cgroup", "8:memory:/\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", "134217728\n", "60000000\n", 134_217_728, 10_000_000);
    assertMemory("cgroup v1", 134_217_728, 50_000_000);
  }

  @Test
  void aV1ContainerWhoseNameIsNotUnderItsMountIsTheMountPoint() throws IOException {
    file("proc/self/cgroup", "8:memory:/system.slice/outer/docker/inner\n");
    file("proc/self/mountinfo", v1Mount("/docker/inner", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", "134217728\n", "60000000\n", 134_217_728, 10_000_000);
    assertMemory("cgroup v1", 134_217_728, 50_000_000);
  }

  @Test
  void onAV1HostTheNarrowestAncestorLimits() throws IOException {
    file("proc/self/cgroup", "8:memory:/a/b\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1(
        "sys/fs/cgroup/memory/a/b",
        V1_UNLIMITED,
        "60000000\n",
        9_223_372_036_854_771_712L,
        10_000_000);
    v1("sys/fs/cgroup/memory/a", "300000000\n", "90000000\n", 300_000_000, 0);
    assertMemory("cgroup v1", 300_000_000, 50_000_000);
  }

  @Test
  void aV1LimitOfAnAncestorThatTheContainerCannotSeeCountsToo() throws IOException {
    file("proc/self/cgroup", "8:memory:/\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", V1_UNLIMITED, "60000000\n", 250_000_000, 10_000_000);
    assertMemory("cgroup v1", 250_000_000, 50_000_000);
  }

  @Test
  void theRootOfV1IsNoContainerButTheMachine() throws IOException {
    file("proc/self/cgroup", "8:memory:/\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", V1_UNLIMITED, "6000000000\n", 9_223_372_036_854_771_712L, 0);
    file("sys/fs/cgroup/memory/release_agent", "\n");
    assertMemory("machine", MACHINE, 50_000L * 1024);
  }

  @Test
  void whereBothAreMountedMemoryIsAskedOfTheVersionThatHasIt() throws IOException {
    file("proc/self/cgroup", "9:name=systemd:/\n4:memory:/job/1\n0::/\n");
    file(
        "proc/self/mountinfo",
        v1Mount("/", "/sys/fs/cgroup/memory")
            + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    v1("sys/fs/cgroup/memory/job/1", "200000000\n", "60000000\n", 200_000_000, 10_000_000);
    assertMemory("cgroup v1", 200_000_000, 50_000_000);
  }

  @Test
  void whereBothAreMountedVersion2MayHaveTheMemory() throws IOException {
    file("proc/self/cgroup", "9:name=systemd:/\n4:cpu,cpuacct:/job/1\n0::/job/1\n");
    file(
        "proc/self/mountinfo",
        """
        32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
        41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """);
    v2("sys/fs/cgroup/unified/job/1", "200000000\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", 200_000_000, 50_000_000);
  }

  @Test
  void anAncestorNarrowerThanTheContainerLimitsIt() throws IOException {
    file("proc/self/cgroup", "0::/pod1/c1/worker\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup/pod1/c1/worker", "500000000\n", "60000000\n", 10_000_000);
    v2("sys/fs/cgroup/pod1/c1", "max\n", "90000000\n", 0);
    v2("sys/fs/cgroup/pod1", "300000000\n", "500000000\n", 0);
    assertMemory("cgroup v2", 300_000_000, 50_000_000);
  }

  @Test
  void aV1LimitAboveTheMachinesMemoryIsTheMachines() throws IOException {
    file("proc/self/cgroup", "8:memory:/\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1("sys/fs/cgroup/memory", "900000000000\n", "60000000\n", 900_000_000_000L, 0);
    assertMemory("cgroup v1", MACHINE, 60_000_000);
  }

  @Test
  void withoutAnyV1LimitTheMachinesMemoryIsTheLimitAndTheContainersUseTheUse() throws IOException {
    file("proc/self/cgroup", "8:memory:/a\n");
    file("proc/self/mountinfo", v1Mount("/", "/sys/fs/cgroup/memory"));
    v1(
        "sys/fs/cgroup/memory/a",
        V1_UNLIMITED,
        "60000000\n",
        9_223_372_036_854_771_712L,
        10_000_000);
    assertMemory("cgroup v1", MACHINE, 50_000_000);
  }

  @Test
  void aMountPointWithASpaceIsFound() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", "30 23 0:26 / /sys/fs/c\\040group rw - cgroup2 cgroup rw\n");
    v2("sys/fs/c group", "134217728\n", "60000000\n", 10_000_000);
    assertMemory("cgroup v2", 134_217_728, 50_000_000);
  }

  @Test
  void withoutCgroupsTheMachineStandsForTheContainer() {
    assertMemory("machine", MACHINE, 50_000L * 1024);
  }

  @Test
  void everyCallReadsAnew() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup", "134217728\n", "60000000\n", 10_000_000);
    ContainerMemory memory = ContainerMemory.of(root);
    v2("sys/fs/cgroup", "200000000\n", "70000000\n", 80_000_000);
    assertThat(memory.limitBytes()).isEqualTo(200_000_000);
    assertThat(memory.workingSetBytes()).isZero(); // the two figures were read at different moments
  }

  @Test
  void aFigureThatIsNoneIsAnErrorThatNamesTheFile() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", V2_MOUNT);
    v2("sys/fs/cgroup", "134217728\n", "lots\n", 0);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> ContainerMemory.of(root).workingSetBytes())
        .withMessageContaining("memory.current holds 'lots'");
  }

  @Test
  void aProcessThatWasToldItsLimitCountsItsOwnResidentSet() {
    ContainerMemory memory = ContainerMemory.ofProcess(128 * 1024 * 1024);
    assertThat(memory.source()).isEqualTo("process");
    assertThat(memory.limitBytes()).isEqualTo(134_217_728);
    assertThat(memory.workingSetBytes())
        .isBetween(10_000_000L, 4_000_000_000L); // a JVM with its tests
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContainerMemory.ofProcess(0))
        .withMessageContaining("0 bytes");
  }

  @Test
  void theRealFiguresOfThisMachineArePlausible() {
    ContainerMemory memory = ContainerMemory.ofThisProcess();
    long machine = new MachineMemory(Path.of("/")).limitBytes();
    assertThat(memory.limitBytes()).isBetween(64L * 1024 * 1024, machine);
    assertThat(memory.workingSetBytes()).isBetween(10_000_000L, memory.limitBytes());
    assertThat(memory.source()).isIn("cgroup v2", "cgroup v1", "machine");
  }

  private void assertMemory(String source, long limit, long workingSet) {
    ContainerMemory memory = ContainerMemory.of(root);
    assertThat(memory.source()).isEqualTo(source);
    assertThat(memory.limitBytes()).isEqualTo(limit);
    assertThat(memory.workingSetBytes()).isEqualTo(workingSet);
  }

  private void v2(String directory, String max, String current, long inactiveFile)
      throws IOException {
    file(directory + "/memory.max", max);
    file(directory + "/memory.current", current);
    file(
        directory + "/memory.stat",
        "anon 1\nfile 2\ninactive_file " + inactiveFile + "\nactive_file 3\n");
  }

  private void v1(String directory, String limit, String usage, long inherited, long inactiveFile)
      throws IOException {
    file(directory + "/memory.limit_in_bytes", limit);
    file(directory + "/memory.usage_in_bytes", usage);
    file(
        directory + "/memory.stat",
        "inactive_file 7\nhierarchical_memory_limit "
            + inherited
            + "\ntotal_inactive_file "
            + inactiveFile
            + "\n");
  }

  private static String v1Mount(String cgroup, String point) {
    return "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
        + ("35 31 0:32 " + cgroup + " " + point + " rw,relatime - cgroup cgroup rw,memory\n");
  }

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, content);
  }
}
