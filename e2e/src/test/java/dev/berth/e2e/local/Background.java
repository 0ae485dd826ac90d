package dev.berth.e2e.local;

import dev.berth.e2e.cluster.Checkout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs until it is closed, its output in a file. */
final class Background implements AutoCloseable {
  private final Process process;
  private final Path output;

  private Background(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Background start(Path folder, Path output, List<String> command) {
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      return new Background(builder.start(), output);
    } catch (IOException e) {
      throw new IllegalStateException("can't run " + command, e);
    }
  }

  /**
   * Starts a jar that the build has made, in the project's root.
   *
   * @param jar where it is in the project
   * @param output a file there for what it writes
   */
  static Background startJar(String jar, String output, String... arguments) {
    Path file = Checkout.file(jar);
    if (!Files.exists(file)) {
      throw new IllegalStateException(file + " isn't there: make build builds it");
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "-jar", file.toString()));
    command.addAll(List.of(arguments));
    return start(Checkout.file(""), Checkout.file(output), command);
  }

  /** Processes it started, theirs as well. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Fails with what it wrote, if it has ended. */
  void mustBeRunning() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "%s ended with %d: %s".formatted(process.info(), process.exitValue(), said()));
    }
  }

  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + output, e);
    }
  }

  /** Asks it to end, and kills it if it doesn't within 40 s. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while ending " + process.info(), e);
    }
  }

  /** A port that nobody listened on a moment ago. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free", e);
    }
  }
}
