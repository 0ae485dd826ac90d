package dev.berth.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's process when the heap or the descriptors run out. */
final class StarvedProcessIT {
  private static final Pattern SERVING =
      Pattern.compile("serving on 127\\.0\\.0\\.1:(\\d+), admin on 127\\.0\\.0\\.1:(\\d+)");
  private static final int DESCRIPTORS = 200;

  @TempDir Path folder;
  private Path log = Path.of("log");
  private @Nullable Process process;
  private InetSocketAddress address = new InetSocketAddress(0);
  private InetSocketAddress admin = new InetSocketAddress(0);

  @BeforeEach
  void start() throws IOException {
    log = folder.resolve("log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            "bash",
            "-c",
            "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
            "bash",
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx48m",
            "-cp",
            System.getProperty("java.class.path"),
            Misbehaving.class.getName(),
            "--listen",
            "127.0.0.1:0",
            "--admin",
            "127.0.0.1:0",
            "--limit",
            "10000",
            "--drain-grace",
            "0s",
            "--drain-timeout",
            "2s");
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await().atMost(Duration.ofSeconds(60)).until(this::isServing);
  }

  @AfterEach
  void kill() {
    running().destroyForcibly();
  }

  private Process running() {
    return Objects.requireNonNull(process);
  }

  private boolean isServing() throws IOException {
    Matcher serving = SERVING.matcher(said());
    if (!serving.find()) {
      assertThat(running().isAlive()).as(said()).isTrue();
      return false;
    }
    address = local(serving.group(1));
    admin = local(serving.group(2));
    return true;
  }

  private static InetSocketAddress local(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private String said() throws IOException {
    return Files.readString(log);
  }

  private String ask(InetSocketAddress where, String path) throws IOException {
    try (RawClient client = RawClient.connect(where)) {
      return client.get(path).readResponse();
    }
  }

  private String metrics() throws IOException {
    try (RawClient client = RawClient.connect(admin)) {
      return client.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").readAll();
    }
  }

  private void endsLoudly(String because) throws Exception {
    // With a full heap it is mostly at collections, which take long on a machine with other work.
    assertThat(running().waitFor(150, TimeUnit.SECONDS)).as(said()).isTrue();
    assertThat(running().exitValue()).isEqualTo(LastResort.STATUS);
    assertThat(said()).contains("can't go on: " + because);
  }

  @Test
  void aHandlerThatAsksForMoreThanTheHeapEndsItsRequestAlone() throws Exception {
    try (RawClient other = RawClient.connect(address)) {
      other.get("/").readResponse();
      assertThat(ask(address, "/greedy")).startsWith("HTTP/1.1 500");
      assertThat(other.get("/").readResponse()).endsWith("served");
    }
    assertThat(said()).contains("failed to answer GET /greedy").contains("OutOfMemoryError");
    assertThat(metrics()).contains("\nberth_out_of_memory_total 1.0\n");
    assertThat(ask(admin, "/livez")).startsWith("HTTP/1.1 200");
  }

  // To the last byte, so that any thread may find no memory in that moment: nearly always it is the
  // handler's own, or one that goes on. If it was one that died of it, the process has to end.
  @Test
  void aHandlerThatFillsTheHeapLeavesAServerThatServesOrNone() throws Exception {
    try {
      assertThat(ask(address, "/fill")).startsWith("HTTP/1.1 500");
    } catch (IOException cut) {
      // Looked into below.
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> running().isAlive() ? serves() : running().exitValue() == LastResort.STATUS);
    assertThat(said()).contains("OutOfMemoryError");
  }

  // All of what they send would be twice the heap.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
      })
  void longHeadsLeaveRoomForOthers(String begins) throws Exception {
    boolean ends = begins.startsWith("POST");
    String head = begins + ("A: " + "b".repeat(1_000) + "\r\n").repeat(900) + (ends ? "\r\n" : "");
    List<RawClient> crowd = new ArrayList<>();
    try {
      for (int client = 0; client < 100; client++) {
        RawClient hostile = RawClient.connect(address);
        crowd.add(hostile);
        sendAsFarAsItIsTaken(hostile, head);
        assertThat(ask(address, "/")).endsWith("served");
      }
    } finally {
      crowd.forEach(RawClient::close);
    }
    assertThat(metrics())
        .contains("status=\"5xx\"")
        .containsPattern("\nberth_connections_closed_total\\{reason=\"shed\"} [1-9]");
    assertThat(said()).doesNotContain("OutOfMemoryError");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          try (RawClient later = RawClient.connect(address)) {
            assertThat(later.send(head.replace("POST", "GET") + "\r\n123456789").readResponse())
                .startsWith("HTTP/1.1 200");
          }
        });
  }

  private static void sendAsFarAsItIsTaken(RawClient client, String bytes) throws IOException {
    try {
      client.send(bytes);
    } catch (SocketException refused) {
      // And closed, while some of it was on its way.
    }
  }

  private boolean serves() {
    try {
      return ask(address, "/").endsWith("served")
          && ask(admin, "/livez").startsWith("HTTP/1.1 200");
    } catch (IOException ended) {
      return false;
    }
  }

  @Test
  void aHeapThatStaysFullEndsTheProcess() throws Exception {
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              while (running().isAlive()) {
                try {
                  ask(address, "/keep");
                } catch (IOException cut) {
                  // It has no memory even for that.
                }
              }
            });
    endsLoudly("");
    asking.join();
  }

  @Test
  void aThreadThatDiesForWantOfMemoryEndsTheProcess() throws Exception {
    try {
      assertThat(ask(address, "/thread")).isNotNull();
    } catch (IOException cut) {
      // The process may end before it has answered.
    }
    endsLoudly("a thread has died for want of memory");
    assertThat(said()).contains("thread doomed has died");
  }

  @Test
  void withoutDescriptorsConnectionsWaitAndTheAdmittedAndTheAdminPortAreServed() throws Exception {
    List<RawClient> crowd = new ArrayList<>();
    // Code that runs for the first time is read from a file, which would want a descriptor.
    assertThat(metrics()).contains("berth_connections_accepted_total");
    try (RawClient admitted = RawClient.connect(address)) {
      admitted.get("/").readResponse();
      for (int client = 0; client < DESCRIPTORS; client++) {
        RawClient connected = RawClient.connect(address);
        connected.get("/");
        crowd.add(connected);
      }
      await().untilAsserted(() -> assertThat(said()).contains("can't accept connections"));
      RawClient waiting = crowd.getLast();
      assertThat(waiting.socket().getInputStream().available()).isZero();
      assertThat(admitted.get("/").readResponse()).endsWith("served");
      Duration before = cpuTime();
      for (int look = 0; look < 20; look++) {
        assertThat(ask(admin, "/livez")).startsWith("HTTP/1.1 200");
        assertThat(metrics()).contains("berth_connections_accepted_total");
      }
      // Looked at over a second of the server's own pauses, of which it may work a small part.
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      assertThat(cpuTime().minus(before)).isLessThan(Duration.ofSeconds(1));
      crowd.subList(0, DESCRIPTORS - 1).forEach(RawClient::close);
      assertThat(waiting.readResponse()).endsWith("served");
    } finally {
      crowd.forEach(RawClient::close);
    }
    assertThat(ask(address, "/")).endsWith("served");
    // The admin port may have to use its spare descriptor, and says so for itself, once as well.
    assertThat(said().lines().filter(line -> line.contains("can't accept"))).hasSizeBetween(1, 2);
    String refrain = "can't accept connections on /127.0.0.1:" + address.getPort();
    assertThat(said().lines().filter(line -> line.contains(refrain))).hasSize(1);
  }

  @Test
  void withoutDescriptorsAnUpstreamCantBeReached() throws Exception {
    try (RawClient admitted = RawClient.connect(address)) {
      // As above, for the first time while there are some.
      assertThat(admitted.get("/proxied").readResponse()).startsWith("HTTP/1.1 502");
      admitted.get("/descriptors").readResponse();
      assertThat(admitted.get("/proxied").readResponse()).startsWith("HTTP/1.1 502");
    }
    assertThat(said()).doesNotContain("failed to answer");
  }

  private Duration cpuTime() {
    return running().info().totalCpuDuration().orElseThrow();
  }
}
