package dev.berth.operator.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandIT {
  private static final String POLICY =
      """
      apiVersion: berth.dev/v1alpha1
      kind: ConnectionPolicy
      metadata: {name: two}
      spec:
        scaleTargetRef: {kind: Deployment, name: two}
        minReplicas: 2
      """;
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir private Path directory = Path.of("");
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Path policy(String yaml) throws IOException {
    return Files.writeString(directory.resolve("policy.yaml"), yaml);
  }

  private Path output() {
    return directory.resolve("output");
  }

  /** Runs {@code berth-operator local} with these arguments and a free port for the console. */
  private Process local(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                BerthOperator.class.getName(),
                "local",
                "--console=127.0.0.1:0"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
    started.add(process);
    return process;
  }

  private Process running() throws IOException {
    Process process = local("--listen=127.0.0.1:0", policy(POLICY).toString());
    await()
        .atMost(SOON)
        .until(() -> Files.readString(output()), said -> said.contains("2 processes; 0 of "));
    return process;
  }

  private void assertRefused(Process process, int status, String sentence)
      throws IOException, InterruptedException {
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output(), UTF_8)).isEqualTo(sentence + "\n");
    assertThat(process.exitValue()).isEqualTo(status);
  }

  @Test
  void aBadPolicyIsOneLineAndStatusTwo() throws Exception {
    Path policy = policy(POLICY + "  maxReplicas: 1\n");

    assertRefused(
        local(policy.toString()),
        2,
        "berth-operator: "
            + policy
            + ", line 6: spec.minReplicas is 2 and spec.maxReplicas is 1; minReplicas must not exceed maxReplicas");
  }

  @Test
  void aPortThatIsTakenIsOneLineAndStatusOne() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = "127.0.0.1:" + other.getLocalPort();

      assertRefused(
          local(policy(POLICY).toString(), "--listen=" + taken),
          1,
          "berth-operator: --listen %s can't be listened on: Address already in use; name another address, or end who has it"
              .formatted(taken));
    }
  }

  @Test
  void aSignalEndsItWithItsProcessesAndItsFiles() throws Exception {
    Process local = running();
    List<ProcessHandle> children = local.descendants().toList();

    local.destroy();

    assertThat(local.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(local.exitValue()).isZero();
    assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
    assertThat(directory).isDirectoryNotContaining("glob:**/berth-local-*");
  }

  @Test
  void itsProcessesEndEvenWhenItIsKilled() throws Exception {
    Process local = running();
    List<ProcessHandle> children = local.descendants().toList();

    local.destroyForcibly();

    assertThat(children).hasSize(2);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }
}
