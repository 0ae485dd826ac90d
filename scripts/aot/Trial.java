import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of an image's program on this machine: its start, what it is there for, and SIGTERM. */
final class Trial {
  private static final int SECONDS = 120;
  private static final List<String> SERVER_PATHS = List.of("readyz", "livez", "metrics", "connections");
  private static final List<String> OPERATOR_PATHS = List.of("readyz", "livez", "metrics");
  private static final int HELLOS = 20;
  private static final int ROUNDS = 12;

  private Trial() {}

  /** Runs it with further flags; the milliseconds from its start until it was ready. Fails if it does not end well. */
  static long run(UnpackedImage image, String... flags) throws IOException, InterruptedException {
    List<String> command = image.command(List.of(flags));
    return switch (image.program()) {
      case "server" -> server(command);
      case "operator" -> operator(command);
      default -> throw new IOException("nobody knows how to try the program " + image.program());
    };
  }

  /** A request on each of its paths. */
  private static long server(List<String> command) throws IOException, InterruptedException {
    String listen = address();
    String admin = address();
    var arguments = List.of("--listen", listen, "--admin", admin, "--drain-grace", "0s");
    return whole(command, arguments, Map.of(), admin, SERVER_PATHS, () -> {
      for (int hello = 0; hello < HELLOS; hello++) {
        answers(listen, "");
      }
    });
  }

  /** Some rounds over a pod. */
  private static long operator(List<String> command) throws IOException, InterruptedException {
    String admin = address();
    Path kubeconfig = Files.createTempFile("berth-trial", ".conf");
    try (var cluster = new Cluster()) {
      Files.writeString(kubeconfig, cluster.kubeconfig());
      var arguments = List.of("run", "--leader-election=false", "--interval=250ms", "--listen", admin);
      return whole(command, arguments, Map.of("KUBECONFIG", kubeconfig.toString()), admin, OPERATOR_PATHS, () -> {
        for (int wait = 0; wait < SECONDS && cluster.scrapes() < ROUNDS; wait++) {
          TimeUnit.MILLISECONDS.sleep(250);
        }
        if (cluster.scrapes() < ROUNDS) {
          throw new IOException("the operator doesn't look at its pod");
        }
      });
    } finally {
      Files.delete(kubeconfig);
    }
  }

  /** What a program is there for. */
  private interface Work {
    void done() throws IOException, InterruptedException;
  }

  private static long whole(
      List<String> command, List<String> arguments, Map<String, String> environment, String admin, List<String> paths, Work work)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    Path log = Files.createTempFile("berth-trial", ".log");
    var builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long begin = System.nanoTime();
    Process process = builder.start();
    try {
      while (process.isAlive() && !answers(admin, "readyz")) {
        if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(SECONDS)) {
          throw new IOException("the image's program isn't ready after %d s:\n%s%s".formatted(SECONDS, Files.readString(log), all));
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      if (process.isAlive()) {
        work.done();
      }
      for (String path : paths) {
        if (process.isAlive() && !answers(admin, path)) {
          throw new IOException("the image's program doesn't answer /%s:\n%s%s".formatted(path, Files.readString(log), all));
        }
      }
      process.destroy();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("the image's program did not run:\n" + Files.readString(log) + all);
      }
      return millis;
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(log);
    }
  }

  private static boolean answers(String address, String path) {
    try {
      var request = (HttpURLConnection) URI.create("http://" + address + "/" + path).toURL().openConnection();
      return request.getResponseCode() == HttpURLConnection.HTTP_OK && request.getInputStream().readAllBytes().length > 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String address() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
