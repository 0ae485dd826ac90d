package dev.berth.benchmarks.calm;

import dev.berth.benchmarks.peer.ImageFlags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Berth alone in a process of its own, with the heap that its image has in 512 MiB. */
final class BerthProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final int adminPort;

  private BerthProcess(Process process, int port, int adminPort) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
  }

  static BerthProcess start(Path log, int limit, List<String> options)
      throws IOException, InterruptedException {
    int port = freePort();
    int adminPort = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ImageFlags.with("-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.berth.server.command.BerthServer");
    command.addAll(List.of("--listen", "0.0.0.0:" + port, "--admin", "127.0.0.1:" + adminPort));
    command.addAll(List.of("--limit", Integer.toString(limit)));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    BerthProcess berth = new BerthProcess(process, port, adminPort);
    for (int look = 0; look < 200 && !berth.ready(); look++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return berth;
  }

  private boolean ready() throws InterruptedException {
    try {
      return ask("/readyz").startsWith("ready");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  boolean alive() {
    return process.isAlive();
  }

  /**
   * A look at the process.
   *
   * @param open connections that hold a permit
   * @param resident as the kernel counts it, in MiB; and the most it has ever been
   * @param live what the server says that it needs, in MiB: the heap after a collection, and memory
   *     outside it
   */
  record Look(double open, double rejected, double resident, double peak, double live) {
    String line(String name) {
      return String.format(
          Locale.ROOT,
          "%-34s %7.0f open %8.0f rejected %7.1f MiB resident %7.1f at most %7.1f live",
          name,
          open,
          rejected,
          resident,
          peak,
          live);
    }
  }

  Look look() throws IOException, InterruptedException {
    String metrics = ask("/metrics");
    String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
    return new Look(
        sum(metrics, "berth_connections\\{.*\\} (\\S+)"),
        sum(metrics, "berth_connections_rejected_total\\{.*\\} (\\S+)"),
        sum(status, "VmRSS:\\s+(\\d+) kB") / 1024,
        sum(status, "VmHWM:\\s+(\\d+) kB") / 1024,
        sum(metrics, "berth_memory_live_bytes (\\S+)") / (1 << 20));
  }

  private static double sum(String text, String pattern) {
    Matcher line = Pattern.compile("^" + pattern, Pattern.MULTILINE).matcher(text);
    double sum = 0;
    while (line.find()) {
      sum += Double.parseDouble(line.group(1));
    }
    return sum;
  }

  private String ask(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
