package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** Where each pod publishes its metrics, in Prometheus's text format over plain HTTP. */
public record Metrics(
    @JsonPropertyDescription("TCP port of the pod that answers with its metrics.")
        @Default("9090")
        @Min(1)
        @Max(65535)
        Integer port,
    @JsonPropertyDescription("Path of the metrics, beginning with a slash.")
        @Default("/metrics")
        @Pattern("^/[!-~]*$")
        @Size(max = 1024)
        String path) {
  private static final java.util.regex.Pattern PATH = java.util.regex.Pattern.compile("/[!-~]*");

  static final Metrics DEFAULT = new Metrics(9090, "/metrics");

  public Metrics {
    port = Absent.or(port, 9090);
    path = Absent.or(path, "/metrics");
  }

  void check() {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "spec.metrics.port is %d; it must be 1 to 65535".formatted(port));
    }
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "spec.metrics.path is \"%s\"; it must begin with / and hold no blanks".formatted(path));
    }
  }
}
