package dev.berth.operator.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir private Path directory = Path.of("");

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void aClusterThatCantBeGovernedIsOneLineAndStatusOne() throws Exception {
    String output = runWith(_ -> HttpURLConnection.HTTP_NOT_FOUND);

    assertThat(output).contains("berth-operator: the cluster can't be governed: ");
  }

  @Test
  void anApiServerThatDoesntServePoliciesYetIsWaitedFor() throws Exception {
    String output =
        runWith(time ->
            switch (time) {
              case 1 -> 429;
              case 2 -> HttpURLConnection.HTTP_UNAVAILABLE;
              default -> HttpURLConnection.HTTP_NOT_FOUND;
            });

    assertThat(output.lines().filter(line -> line.contains("Policies are not served yet")))
        .hasSize(2);
    assertThat(output).contains("berth-operator: the cluster can't be governed: ");
  }

  @Test
  void oneThatIsToldToEndWhilePoliciesAreNotServedEndsAtOnce() throws Exception {
    HttpServer server = apiServer(_ -> HttpURLConnection.HTTP_UNAVAILABLE);
    Path output = directory.resolve("output");
    Process run = run(server.getAddress(), output);
    try {
      await().atMost(SOON).until(() -> Files.readString(output).contains("not served yet"));
      run.destroy();
      assertThat(run.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      run.destroyForcibly();
      server.stop(0);
    }
    assertThat(run.exitValue()).as(Files.readString(output)).isZero();
  }

  @Test
  void policiesThatCanBeWatchedNoMoreEndItWithStatusOne() throws Exception {
    HttpServer server =
        answering(exchange -> {
          boolean watch =
              String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
          String path = exchange.getRequestURI().getPath();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
          String answer =
              watch && path.endsWith("/connectionpolicies")
                  ? "{\"type\":\"ADDED\",\"object\":\"nonsense\"}\n"
                  : watch ? "" : "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
          exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
        });

    assertThat(endedWithOne(server)).contains("SEVERE", "Policies are watched no more: ");
  }

  /** What an operator says that ends with status 1, with an API server of these statuses. */
  private String runWith(IntUnaryOperator statuses) throws Exception {
    return endedWithOne(apiServer(statuses));
  }

  private String endedWithOne(HttpServer server) throws Exception {
    Path output = directory.resolve("output");
    Process run = run(server.getAddress(), output);
    try {
      assertThat(run.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      run.destroyForcibly();
      server.stop(0);
    }
    assertThat(run.exitValue()).as(Files.readString(output)).isEqualTo(1);
    return Files.readString(output);
  }

  private HttpServer apiServer(IntUnaryOperator statuses) throws IOException {
    return answering(
        exchange -> exchange.sendResponseHeaders(statuses.applyAsInt(asked.incrementAndGet()), -1));
  }

  private static HttpServer answering(HttpHandler answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer.handle(exchange);
          }
        });
    server.start();
    return server;
  }

  /** Runs {@code berth-operator run} with an API server, and no lease. */
  private Process run(InetSocketAddress apiServer, Path output) throws Exception {
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: test
            clusters: [{name: test, cluster: {server: 'http://127.0.0.1:%d'}}]
            contexts: [{name: test, context: {cluster: test, user: test}}]
            users: [{name: test, user: {}}]
            """
                .formatted(apiServer.getPort()));
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BerthOperator.class.getName(),
                "run",
                "--leader-election=false",
                "--listen=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    return builder.start();
  }
}
