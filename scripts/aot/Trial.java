import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of the image's server on this machine: its start, a request on each of its paths, and SIGTERM. */
final class Trial {
  private static final int SECONDS = 120;
  private static final List<String> ADMIN_PATHS = List.of("readyz", "livez", "metrics", "connections");
  private static final int HELLOS = 20;

  private Trial() {}

  /** Runs it with further flags; the milliseconds from its start until it was ready. Fails if it does not end well. */
  static long run(UnpackedImage image, String... flags) throws IOException, InterruptedException {
    String listen = "127.0.0.1:" + freePort();
    String admin = "127.0.0.1:" + freePort();
    List<String> command = new ArrayList<>(image.command(List.of(flags)));
    command.addAll(List.of("--listen", listen, "--admin", admin, "--drain-grace", "0s"));
    Path log = Files.createTempFile("berth-trial", ".log");
    long begin = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (process.isAlive() && !answers(admin, "readyz")) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      for (String path : ADMIN_PATHS) {
        answers(admin, path);
      }
      for (int hello = 0; hello < HELLOS; hello++) {
        answers(listen, "");
      }
      process.destroy();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("the image's server did not run:\n" + Files.readString(log) + command);
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

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
