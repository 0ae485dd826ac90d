package dev.berth.benchmarks.idle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/** One server in a JVM of its own, with the same flags as every other. */
final class ServerProcess implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx1g",
          "--enable-native-access=ALL-UNNAMED");

  final InetSocketAddress address;
  private final Process process;

  private ServerProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a main class and waits until its port answers, at most 20 seconds. */
  static ServerProcess start(Server server) throws IOException, InterruptedException {
    int port = freePort();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), server.mainClass()));
    server.arguments().forEach(each -> command.add(each.replace("PORT", Integer.toString(port))));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(server.name(), ".log").toFile())
            .start();
    var started =
        new ServerProcess(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    started.awaitPort();
    return started;
  }

  private void awaitPort() throws InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (Instant.now().isBefore(deadline) && process.isAlive()) {
      try (var probe = new Socket()) {
        probe.connect(address, 200);
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    close();
    throw new IllegalStateException("the server did not answer on " + address + " in 20 s");
  }

  /** Bytes of all live objects, by a full collection (jcmd GC.class_histogram). */
  long liveHeap() throws IOException, InterruptedException {
    String histogram = command("jcmd", Long.toString(process.pid()), "GC.class_histogram");
    String total =
        histogram.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return new Scanner(total).skip("Total\\s+\\d+\\s+").nextLong();
  }

  /** Resident bytes (VmRSS of /proc). */
  long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static String command(String tool, String... arguments)
      throws IOException, InterruptedException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * What to start.
   *
   * @param arguments PORT stands for the port
   */
  record Server(String name, String mainClass, List<String> arguments) {}
}
