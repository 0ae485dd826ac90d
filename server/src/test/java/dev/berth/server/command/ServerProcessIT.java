package dev.berth.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Echo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own: started, told, signalled. */
final class ServerProcessIT {
  private static final Pattern SERVING =
      Pattern.compile("serving on 127\\.0\\.0\\.1:(\\d+), admin on 127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path folder;
  private Path log = Path.of("log");
  private Path annotations = Path.of("annotations");
  private @Nullable Process process;
  private InetSocketAddress address = new InetSocketAddress(0);
  private InetSocketAddress admin = new InetSocketAddress(0);

  @BeforeEach
  void prepare() throws IOException {
    log = folder.resolve("log");
    annotations = folder.resolve("annotations");
    write("");
  }

  @AfterEach
  void kill() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void write(String text) throws IOException {
    Path next = folder.resolve("next");
    Files.writeString(next, text);
    Files.move(
        next, annotations, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), BerthServer.class.getName()));
    command.addAll(List.of("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
    command.addAll(List.of("--limit-file", annotations.toString()));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await().atMost(Duration.ofSeconds(60)).until(this::isServing);
  }

  private Process running() {
    return Objects.requireNonNull(process);
  }

  private boolean isServing() throws IOException {
    Matcher serving = SERVING.matcher(Files.readString(log));
    if (!serving.find()) {
      assertThat(running().isAlive()).as(Files.readString(log)).isTrue();
      return false;
    }
    address = local(serving.group(1));
    admin = local(serving.group(2));
    return true;
  }

  private static InetSocketAddress local(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private String metrics() throws IOException {
    try (RawClient client = RawClient.connect(admin)) {
      return client.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").readAll();
    }
  }

  private String ready() throws IOException {
    try (RawClient client = RawClient.connect(admin)) {
      return client.get("/readyz").readResponse();
    }
  }

  @Test
  void passesRequestsOnToAnUpstreamAndCountsThem() throws IOException {
    try (Server upstream = TestServers.builder().handler(new Echo()).start()) {
      start("--upstream", "http://127.0.0.1:" + upstream.address().getPort());
      try (RawClient client = RawClient.connect(address)) {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.readResponse()).contains("\r\nVia: 1.1 berth\r\n").endsWith("hi");
      }
      assertThat(metrics())
          .contains("berth_upstream_requests_total{outcome=\"answered\"} 1.0")
          .contains("berth_upstream_requests_total{outcome=\"refused\"} 0.0")
          .contains("berth_upstream_connections{state=\"idle\"} 1.0")
          .contains("berth_upstream_connections_opened_total 1.0")
          .contains("berth_upstream_retries_total 0.0")
          .contains("berth_upstream_waiting 0.0")
          .contains("berth_upstream_response_duration_seconds_count 1");
    }
  }

  @Test
  void derivesItsLimitFromMemoryAndSaysSo() throws IOException {
    start("--memory-limit", "256Mi");
    assertThat(Files.readString(log))
        .containsPattern("limit \\d+, from 256Mi of memory \\(process\\)");
  }

  @Test
  void writesItsAccessLogToStdout() throws Exception {
    start("--access-log", "json", "--drain-grace", "0s");
    try (RawClient client = RawClient.connect(address)) {
      client.get("/asked").readResponse();
    }
    assertThat(metrics()).contains("\nberth_access_log_dropped_total 0.0\n");
    running().destroy();
    running().waitFor();
    assertThat(Files.readString(log))
        .containsPattern("\n\\{\"time\":.*\"target\":\"/asked\".*\"status\":200,.*}\n");
  }

  @Test
  void warnsOfOptionsThatDoNothing() throws IOException {
    start("--queue-timeout", "2s", "--upstream-timeout", "1s");
    assertThat(Files.readString(log))
        .contains("WARNING --queue-timeout does nothing without --when-full queue\n")
        .contains("WARNING --upstream-timeout does nothing without --upstream\n");
    running().destroyForcibly();
    start("--queue-timeout", "2s", "--when-full", "queue", "--upstream", "http://127.0.0.1:1");
    assertThat(Files.readString(log)).doesNotContain("does nothing");
  }

  @Test
  void followsThePodsAnnotations() throws IOException {
    start();
    write("berth.dev/generation=\"7\"\nberth.dev/limit=\"840\"");
    await()
        .untilAsserted(() ->
            assertThat(metrics())
                .contains("\nberth_connection_limit 840.0\n", "\nberth_limit_generation 7.0\n"));
    write("berth.dev/generation=\"8\"\nberth.dev/limit=\"lots\"");
    await()
        .untilAsserted(
            () -> assertThat(metrics()).containsPattern("\nberth_limit_file_errors_total [1-9]"));
    assertThat(metrics())
        .contains("\nberth_connection_limit 840.0\n", "\nberth_limit_generation 7.0\n");
  }

  @Test
  void drainsWhileTheAnnotationIsThere() throws IOException {
    start();
    write("berth.dev/drain=\"true\"");
    await().untilAsserted(() -> assertThat(ready()).startsWith("HTTP/1.1 503"));
    assertThat(metrics()).contains("\nberth_draining 1.0\n");
    write("berth.dev/drain=\"false\"");
    await().untilAsserted(() -> assertThat(ready()).startsWith("HTTP/1.1 200"));
    assertThat(running().isAlive()).isTrue();
  }

  @Test
  void leavesRotationWhileItIsFullAndTheAnnotationLetsIt() throws Exception {
    start();
    write("berth.dev/leave-when-full=\"true\"\nberth.dev/limit=\"2\"");
    await().untilAsserted(() -> assertThat(metrics()).contains("\nberth_connection_limit 2.0\n"));
    try (RawClient one = RawClient.connect(address)) {
      one.get("/").readResponse();
      assertThat(ready()).startsWith("HTTP/1.1 200");
      try (RawClient two = RawClient.connect(address)) {
        two.get("/").readResponse();
        assertThat(ready()).startsWith("HTTP/1.1 503");
        assertThat(metrics()).contains("\nberth_out_of_rotation 1.0\n");
      }
      await().untilAsserted(() -> assertThat(ready()).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void drainsOnSigtermAndExitsWithZero() throws Exception {
    start("--drain-grace", "1s");
    Instant before = Instant.now();
    running().destroy();
    await().untilAsserted(() -> assertThat(ready()).startsWith("HTTP/1.1 503"));
    try (RawClient client = RawClient.connect(address)) {
      assertThat(client.get("/").readAll())
          .startsWith("HTTP/1.1 200 OK")
          .contains("Connection: close");
    }
    assertThat(running().waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(running().exitValue()).isZero();
    assertThat(Duration.between(before, Instant.now()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(Files.readString(log)).contains("draining 0 connections").contains("ended");
  }

  @Test
  void saysInOneLineThatAnAddressIsTaken() throws Exception {
    start();
    Process second =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BerthServer.class.getName(),
                "--listen",
                "127.0.0.1:" + address.getPort())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(second.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(second.waitFor()).isEqualTo(1);
    assertThat(said.lines().filter(line -> !line.startsWith("SLF4J")))
        .singleElement()
        .asString()
        .contains("can't listen on 127.0.0.1:" + address.getPort() + ": Address already in use");
  }
}
