package dev.berth.benchmarks.start;

import dev.berth.benchmarks.peer.ImageFlags;
import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.ProcessStatus;
import dev.berth.benchmarks.peer.ServerProcess;
import dev.berth.benchmarks.peer.Service;
import dev.berth.benchmarks.peer.UnpackedImage;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts each server on one core, from its process to its first 200, and looks at its resident
 * memory a while later, when it has had no connection but that. Berth runs from the files of its
 * image, as {@code make image} made them, with and without the AOT cache; its 200 is that of {@code
 * /readyz}, with all metrics on.
 */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = "time from start to ready, and memory then, of Berth's image and its peers")
public final class Start implements Callable<Integer> {
  private static final double MEBI = 1 << 20;
  private static final List<Peer> PEERS =
      List.of(Peer.NETTY, Peer.JETTY, Peer.HELIDON, Peer.JDK, Peer.GO);

  @Option(names = "--rounds", defaultValue = "10", description = "default ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--settle",
      defaultValue = "12",
      description = "seconds after which to look at memory, once; default ${DEFAULT-VALUE}")
  private int settle;

  @Option(
      names = "--image",
      defaultValue = "server/target/jib-image.tar",
      description = "default ${DEFAULT-VALUE}")
  private Path image = Path.of("");

  private Start() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Start()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("berth-start");
    List<String> berth = UnpackedImage.command(image, folder);
    System.out.printf("%-18s %10s %10s %10s %10s%n", "server", "ms", "least", "most", "RSS MB");
    print("Berth, AOT cache", () -> berth(berth, "-XX:AOTMode=on"));
    print("Berth, none", () -> berth(berth, "-XX:AOTMode=off"));
    for (Peer peer : PEERS) {
      print(peer.title(), () -> peer(peer));
    }
    return 0;
  }

  private record Launch(List<String> command, String ready) {}

  @FunctionalInterface
  private interface Launcher {
    Launch next() throws IOException, InterruptedException;
  }

  private static Launch berth(List<String> command, String mode) throws IOException {
    int admin = ServerProcess.freePort();
    var full = new ArrayList<>(command);
    if (mode.endsWith("off")) {
      full.removeIf(word -> word.startsWith("-XX:AOT"));
    } else {
      full.add(1, mode);
    }
    full.addAll(
        List.of(
            "--listen", "127.0.0.1:" + ServerProcess.freePort(), "--admin", "127.0.0.1:" + admin));
    return new Launch(full, "http://127.0.0.1:" + admin + "/readyz");
  }

  private static Launch peer(Peer peer) throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    return new Launch(
        peer.command(port, 1, Service.HELLO, ImageFlags.with("-Xmx64m")),
        "http://127.0.0.1:" + port + "/");
  }

  private void print(String title, Launcher launcher) throws IOException, InterruptedException {
    long[] millis = new long[rounds];
    double resident = 0;
    for (int round = 0; round < rounds; round++) {
      Launch launch = launcher.next();
      long began = System.nanoTime();
      Process process = onOneCore(launch.command());
      try {
        awaitReady(process, launch);
        millis[round] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        if (round == 0) {
          TimeUnit.SECONDS.sleep(settle);
          resident = resident(process);
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    java.util.Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-18s %10d %10d %10d %10.1f%n",
        title,
        millis[rounds / 2],
        millis[0],
        millis[rounds - 1],
        resident);
  }

  private static Process onOneCore(List<String> command) throws IOException {
    var words = new ArrayList<>(List.of("taskset", "-c", "0"));
    words.addAll(command);
    var builder = new ProcessBuilder(words);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void awaitReady(Process process, Launch launch)
      throws IOException, InterruptedException {
    while (!answers(launch.ready())) {
      if (!process.isAlive()) {
        throw new IOException("ended with " + process.exitValue() + ": " + launch.command());
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static boolean answers(String address) {
    try {
      var request = (HttpURLConnection) URI.create(address).toURL().openConnection();
      request.setRequestProperty("Connection", "close");
      return request.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static double resident(Process process) throws IOException {
    return ProcessStatus.bytes(process.pid(), "VmRSS") / MEBI;
  }
}
