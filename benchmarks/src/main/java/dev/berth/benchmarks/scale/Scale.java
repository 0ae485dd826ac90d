package dev.berth.benchmarks.scale;

import dev.berth.benchmarks.peer.ServerProcess;
import dev.berth.benchmarks.peer.UnpackedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How one operator keeps up with many policies: a round's duration and its lateness, calls of the
 * API server, scrapes, memory and processor time, against a real API server and pods that are
 * pretended.
 */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = "one operator over many policies, beside a real API server and pretended pods")
public final class Scale implements Callable<Integer> {
  private static final String DURATION = "berth_operator_round_duration_seconds";
  private static final String LATENESS = "berth_operator_round_lateness_seconds";

  @Option(
      names = "--policies",
      split = ",",
      defaultValue = "1,100,1000",
      description = "default ${DEFAULT-VALUE}")
  private List<Integer> policies = List.of();

  @Option(
      names = "--pods",
      defaultValue = "10",
      description = "of each policy; default ${DEFAULT-VALUE}")
  private int pods;

  @Option(
      names = "--warm-up",
      defaultValue = "120s",
      description = "before a measurement; default ${DEFAULT-VALUE}")
  private String warmUp = "";

  @Option(
      names = "--time",
      defaultValue = "60s",
      description = "of a measurement; default ${DEFAULT-VALUE}")
  private String time = "";

  @Option(
      names = "--kubernetes",
      defaultValue = "${env:KUBEBUILDER_ASSETS:-}",
      description =
          "the folder that has etcd and kube-apiserver; default: KUBEBUILDER_ASSETS, or PATH")
  private String kubernetes = "";

  @Option(
      names = "--image",
      defaultValue = "operator/target/jib-image.tar",
      description = "the operator's, which make image makes; default ${DEFAULT-VALUE}")
  private Path image = Path.of("");

  @Option(
      names = "--memory",
      defaultValue = "256",
      description = "of the operator, in MiB; default ${DEFAULT-VALUE}")
  private int memory;

  @Option(
      names = "--fresh",
      description = "pods that have no limits yet, as before the first operator")
  private boolean fresh;

  @Option(names = "--flag", description = "a further flag of the operator's JVM")
  private List<String> flags = List.of();

  private Scale() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Scale()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("berth-scale");
    List<String> start =
        UnpackedImage.command(image, Files.createDirectory(folder.resolve("image")));
    try (var real = RealServer.start(folder.resolve("server.log"));
        var standIns = new StandIns(real::ask);
        var server = ApiServer.start(kubernetes, folder)) {
      server.createYaml(
          "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
          Files.readString(Path.of("charts/berth/files/connectionpolicies.berth.dev.yaml")));
      var population = new Population(server, standIns.port(), !fresh);
      TimeUnit.SECONDS.sleep(2);
      System.out.printf("logs are in %s%n%s%n", folder, Row.HEAD);
      int there = 0;
      for (int wanted : policies) {
        population.add(there, wanted, pods);
        there = wanted;
        System.out.println(measure(wanted, start, server, standIns, folder));
      }
      return 0;
    }
  }

  private Row measure(
      int wanted, List<String> start, ApiServer server, StandIns standIns, Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("operator-%d.log".formatted(wanted));
    try (var process =
        OperatorProcess.start(start, server.kubeconfig(), log, (long) memory << 20, flags)) {
      TimeUnit.MILLISECONDS.sleep(millis(warmUp));
      var before = Moment.of(process, server, standIns);
      TimeUnit.MILLISECONDS.sleep(millis(time));
      return Row.of(
          wanted, pods, before, Moment.of(process, server, standIns), process, DURATION, LATENESS);
    }
  }

  private static long millis(String text) {
    return Duration.parse("PT" + text).toMillis();
  }

  /** A real server without connections, whose metrics' text is that of all pods. */
  private record RealServer(Process process, int port) implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static RealServer start(Path log) throws IOException, InterruptedException {
      int port = ServerProcess.freePort();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx32m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.berth.server.command.BerthServer",
                  "--listen=127.0.0.1:0",
                  "--admin=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var server = new RealServer(process, port);
      for (int look = 0; look < 200; look++) {
        try {
          server.ask("/readyz");
          return server;
        } catch (UncheckedIOException notYet) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
      }
      throw new IOException(
          "the server whose metrics are shown doesn't start: " + Files.readString(log));
    }

    String ask(String path) {
      try {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(ended);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
