package dev.berth.benchmarks.scale;

import java.io.IOException;
import java.util.List;

/** One line of the table. */
record Row(String text) {
  static final String HEAD =
      """
      | policies × pods | rounds/s | round ms p50, p95, p99 | late ms p50, p95, p99 | API calls/s: patch, post, put, get, list | scrapes/s | RSS MiB | cgroup now, most MiB | heap used, of MiB | operator CPU | API server CPU |
      |---|---:|---|---|---|---:|---:|---|---|---:|---:|\
      """;

  private static final List<String> VERBS = List.of("PATCH", "POST", "PUT", "GET", "LIST");

  static Row of(
      int policies,
      int pods,
      Moment before,
      Moment after,
      OperatorProcess process,
      String duration,
      String lateness)
      throws IOException, InterruptedException {
    double seconds = (after.nanos() - before.nanos()) / 1e9;
    Readings own = after.operator().since(before.operator());
    Readings calls = after.calls().since(before.calls());
    Readings now = process.metrics();
    String bound =
        process.bound().isPresent()
            ? "%d, %d"
                .formatted(process.bound().get().used() >> 20, process.bound().get().most() >> 20)
            : "none";
    return new Row(
        "| %,d × %d | %.0f | %s | %s | %s | %,.0f | %d | %s | %.0f, %.0f | %.2f | %.2f |"
            .formatted(
                policies,
                pods,
                own.sum(duration + "_count") / seconds,
                quantiles(own, duration),
                quantiles(own, lateness),
                String.join(
                    ", ",
                    VERBS.stream()
                        .map(verb ->
                            "%.1f"
                                .formatted(
                                    calls.sum("apiserver_request_total", "verb=\"" + verb + "\"")
                                        / seconds))
                        .toList()),
                (after.scrapes() - before.scrapes()) / seconds,
                process.resident() >> 20,
                bound,
                now.sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20),
                now.sum("jvm_memory_max_bytes", "area=\"heap\"") / (1 << 20),
                after.processor().minus(before.processor()).toMillis() / 1000.0 / seconds,
                after.serverProcessor().minus(before.serverProcessor()).toMillis()
                    / 1000.0
                    / seconds));
  }

  private static String quantiles(Readings readings, String histogram) {
    return "%.1f, %.1f, %.1f"
        .formatted(
            readings.quantile(histogram, 0.5),
            readings.quantile(histogram, 0.95),
            readings.quantile(histogram, 0.99));
  }

  @Override
  public String toString() {
    return text;
  }
}
