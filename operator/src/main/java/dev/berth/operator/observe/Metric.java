package dev.berth.operator.observe;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The metrics of a pod that a decision needs, with the label that matters where one does. */
enum Metric {
  CONNECTIONS("berth_connections", "state"),
  WAITING("berth_connections_waiting", ""),
  LIMIT("berth_connection_limit", ""),
  DRAINING("berth_draining", ""),
  REJECTED("berth_connections_rejected_total", "reason"),
  WORKING_SET("berth_memory_working_set_bytes", ""),
  LIVE("berth_memory_live_bytes", ""),
  CODE("berth_memory_code_bytes", ""),
  MEMORY_LIMIT("berth_memory_limit_bytes", "");

  /** Asks for these metrics and no others, as Prometheus's client libraries understand it. */
  static final String QUERY =
      Arrays.stream(values())
          .map(metric -> "name%5B%5D=" + metric.text)
          .collect(Collectors.joining("&"));

  private static final Metric[] ALL = values();

  private final String text;
  private final String label;

  Metric(String name, String label) {
    this.text = name;
    this.label = label;
  }

  /** The metric whose name stands from one index up to another. */
  static Optional<Metric> named(byte[] text, int from, int to) {
    for (Metric metric : ALL) {
      if (Series.same(text, from, to, metric.text)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }

  /** Whether the name of the label that matters stands from one index up to another. */
  boolean labelled(byte[] text, int from, int to) {
    return Series.same(text, from, to, label);
  }
}
