package dev.berth.benchmarks.peer;

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

/** One server in a process of its own, from a port that answers to its end by {@link #close}. */
public final class ServerProcess implements AutoCloseable {
  /** The flags of every JVM, where nobody says others. */
  public static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx1g",
          "--enable-native-access=ALL-UNNAMED");

  private final InetSocketAddress address;
  private final Process process;

  private ServerProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a peer and waits until its port answers, at most 20 seconds. */
  public static ServerProcess start(Peer peer, int processors, Service service)
      throws IOException, InterruptedException {
    return start(peer, processors, service, FLAGS);
  }

  /** Starts a peer with these flags, if it is a JVM, and waits likewise. */
  public static ServerProcess start(Peer peer, int processors, Service service, List<String> flags)
      throws IOException, InterruptedException {
    return start(peer.name(), port -> peer.command(port, processors, service, flags));
  }

  /** What starts a server on a port. */
  @FunctionalInterface
  public interface Command {
    List<String> on(int port) throws IOException, InterruptedException;
  }

  /** Starts another server and waits likewise. */
  public static ServerProcess start(String name, Command how)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = how.on(port);
    Path log = Files.createTempFile(name, ".log");
    log.toFile().deleteOnExit();
    var builder = new ProcessBuilder(command);
    // As in the image: one malloc arena
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var started =
        new ServerProcess(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    started.awaitPort(log);
    return started;
  }

  private void awaitPort(Path log) throws IOException, InterruptedException {
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
    throw new IllegalStateException(
        "the server did not answer on " + address + " in 20 s: " + Files.readString(log));
  }

  public InetSocketAddress address() {
    return address;
  }

  public long pid() {
    return process.pid();
  }

  /** Bytes of all live objects, by a full collection (jcmd GC.class_histogram); JVMs only. */
  public long liveHeap() throws IOException, InterruptedException {
    String histogram = command("jcmd", Long.toString(process.pid()), "GC.class_histogram");
    String total =
        histogram.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return new Scanner(total).skip("Total\\s+\\d+\\s+").nextLong();
  }

  /** Resident bytes (VmRSS of /proc). */
  public long resident() throws IOException {
    return ProcessStatus.bytes(process.pid(), "VmRSS");
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

  /** A port that nobody listens on just now. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    // Workers outlive a master that is killed.
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    workers.forEach(ProcessHandle::destroyForcibly);
  }
}
