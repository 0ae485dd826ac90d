package dev.berth.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server to measure: how to start it on a port, with a number of processors to run on. */
public enum Peer {
  BERTH("Berth") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return java(
          virtualThreads(processors),
          "dev.berth.server.command.BerthServer",
          List.of(
              "--listen",
              "127.0.0.1:" + port,
              "--admin",
              "127.0.0.1:0",
              "--handler",
              service.argument(),
              "--limit",
              "100000",
              "--idle-timeout",
              "10m"));
    }
  },
  /** What the model can do at all: canned bytes for whatever was read, on a virtual thread. */
  RAW_LOOP("raw loop") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return peer(virtualThreads(processors), "RawLoop", port, processors, service);
    }
  },
  NETTY("Netty") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return peer(List.of(), "NettyServer", port, processors, service);
    }
  },
  JETTY("Jetty") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return peer(virtualThreads(processors), "JettyServer", port, processors, service);
    }
  },
  HELIDON("Helidon") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return peer(virtualThreads(processors), "HelidonServer", port, processors, service);
    }
  },
  JDK("JDK") {
    @Override
    List<String> command(int port, int processors, Service service) {
      return peer(virtualThreads(processors), "JdkServer", port, processors, service);
    }
  },
  GO("Go") {
    @Override
    List<String> command(int port, int processors, Service service)
        throws IOException, InterruptedException {
      return List.of(
          goProgram().toString(),
          Integer.toString(port),
          Integer.toString(processors),
          service.argument());
    }
  };

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /** Its name in tables. */
  public String title() {
    return title;
  }

  /** Whether it is a JVM, which takes flags and tells of its heap. */
  public boolean isJvm() {
    return this != GO;
  }

  /** What starts it, with these flags if it is a JVM. */
  public List<String> command(int port, int processors, Service service, List<String> flags)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(command(port, processors, service));
    if (isJvm()) {
      command.addAll(1, flags);
    }
    return command;
  }

  abstract List<String> command(int port, int processors, Service service)
      throws IOException, InterruptedException;

  private static List<String> virtualThreads(int processors) {
    return List.of(
        "-Djdk.virtualThreadScheduler.parallelism=" + processors,
        "-Djdk.virtualThreadScheduler.maxPoolSize=256");
  }

  private static List<String> peer(
      List<String> flags, String type, int port, int processors, Service service) {
    return java(
        flags,
        Peer.class.getPackageName() + "." + type,
        List.of(Integer.toString(port), Integer.toString(processors), service.argument()));
  }

  private static List<String> java(List<String> flags, String main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return command;
  }

  // Built from the source in the jar, as Go comes from nowhere else; Go itself knows when it has
  // to.
  private static Path goProgram() throws IOException, InterruptedException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "berth-benchmarks-go");
    Path program = folder.resolve("hello");
    Files.createDirectories(folder);
    for (String file : List.of("main.go", "go.mod")) {
      try (var source = Peer.class.getResourceAsStream("/go/hello/" + file)) {
        Files.write(folder.resolve(file), java.util.Objects.requireNonNull(source).readAllBytes());
      }
    }
    Process build =
        new ProcessBuilder("go", "build", "-o", program.toString(), ".")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    if (!build.waitFor(120, TimeUnit.SECONDS) || build.exitValue() != 0) {
      throw new IOException("go could not build " + folder);
    }
    return program;
  }
}
