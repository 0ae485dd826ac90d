package dev.berth.e2e.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.e2e.cluster.Checkout;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A Prometheus that scrapes each second: servers by a list that may change, and the operator. */
final class Prometheus implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http;
  private final Background process;
  private final Path folder;
  private final int port;

  private Prometheus(Background process, Path folder, int port) {
    this.http = HttpClient.newHttpClient();
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * @param folder for its settings and its data
   * @param operator the port that the operator's metrics are on
   */
  static Prometheus start(Path folder, int operator) throws IOException {
    int port = Background.freePort();
    Files.writeString(folder.resolve("servers.json"), "[]");
    Files.writeString(folder.resolve("prometheus.yml"), settings(operator));
    var process =
        Background.start(
            folder,
            Checkout.file("e2e/target/prometheus.log"),
            List.of(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn"));
    return new Prometheus(process, folder, port);
  }

  private static String settings(int operator) {
    return """
    global: {scrape_interval: 1s, scrape_timeout: 1s}
    scrape_configs:
      - job_name: servers
        file_sd_configs: [{files: [servers.json], refresh_interval: 1s}]
      - job_name: operator
        honor_labels: true
        static_configs: [{targets: ['127.0.0.1:%d']}]
    """
        .formatted(operator);
  }

  /** From now on it scrapes these servers: their admin ports, by pod. */
  void servers(Map<String, Integer> adminPorts) throws IOException {
    String targets =
        adminPorts.entrySet().stream()
            .map(server ->
                "{\"targets\":[\"127.0.0.1:%d\"],\"labels\":{\"namespace\":\"local\",\"pod\":\"%s\"}}"
                    .formatted(server.getValue(), server.getKey()))
            .collect(Collectors.joining(",", "[", "]"));
    Files.writeString(folder.resolve("servers.json"), targets);
  }

  /**
   * The values that an expression has now; NaN isn't one.
   *
   * @throws IllegalArgumentException if it isn't an expression
   */
  List<Double> ask(String expression) throws IOException, InterruptedException {
    process.mustBeRunning();
    var uri =
        URI.create(
            "http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(expression, StandardCharsets.UTF_8)));
    JsonNode answer =
        json.readTree(
            http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalArgumentException(expression + ": " + answer.path("error").asText());
    }
    return StreamSupport.stream(answer.path("data").path("result").spliterator(), false)
        .map(sample -> sample.path("value").path(1).asText())
        .filter(value -> !value.equals("NaN"))
        .map(value -> Double.valueOf(value.replace("Inf", "Infinity")))
        .toList();
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
