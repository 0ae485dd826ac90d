package dev.berth.benchmarks.calm;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What the ordinary clients saw for a while. Times are milliseconds from when a request was due to
 * the end of its answer.
 *
 * @param errors requests that were not answered, or not with 200
 * @param bySecond the 99th percentile of each second
 */
record Figures(
    long answers,
    long errors,
    double p50,
    double p99,
    double p999,
    double max,
    List<Double> bySecond) {
  static final String HEAD =
      "%-34s %9s %7s %9s %9s %9s %9s"
          .formatted("", "answers", "errors", "p50 ms", "p99 ms", "p99.9 ms", "max ms");

  static final String ROW_HEAD =
      """
      | attack, server | unloaded p99 ms | under attack p50, p99, p99.9 ms | p99 ratio | errors | \
      server's processor s | memory at most |
      |---|---:|---|---:|---:|---:|---:|\
      """;

  static Figures of(Histogram nanos, long errors, List<Double> bySecond) {
    return new Figures(
        nanos.getTotalCount(),
        errors,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getValueAtPercentile(99.9) / 1e6,
        nanos.getMaxValue() / 1e6,
        bySecond);
  }

  String line(String name) {
    return String.format(
        Locale.ROOT,
        "%-34s %9d %7d %9.2f %9.2f %9.2f %9.2f",
        name,
        answers,
        errors,
        p50,
        p99,
        p999,
        max);
  }

  String timeline() {
    return bySecond.stream()
        .map(millis -> String.format(Locale.ROOT, "%.1f", millis))
        .collect(Collectors.joining(" ", "p99 ms by the second: ", ""));
  }

  String ratio(Figures to) {
    return String.format(
        Locale.ROOT,
        "%-34s %17s %9.2f %9.2f %9.2f",
        "ratio",
        "",
        p50 / to.p50,
        p99 / to.p99,
        p999 / to.p999);
  }

  /** As a line of a Markdown table. */
  String row(String name, Figures unloaded, double processorSeconds, double mebibytes) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f, %.2f, %.2f | %.2f | %d | %.2f | %.0f MiB |",
        name,
        unloaded.p99,
        p50,
        p99,
        p999,
        p99 / unloaded.p99,
        errors,
        processorSeconds,
        mebibytes);
  }
}
