package dev.berth.operator.observe;

import dev.berth.operator.observe.Scrape.Answered;
import dev.berth.operator.observe.Scrape.Failed;
import dev.berth.operator.observe.Scrape.Outcome;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pod's answer in the Prometheus text format (or OpenMetrics, which differs in nothing that
 * matters here), read for the few series that a decision needs; everything else is stepped over.
 *
 * <p>Series of one name that differ in other labels add up, but for memory and draining, where the
 * largest counts: a container has one memory. Owned by one thread, used for one answer.
 */
final class MetricsText {
  private static final List<String> FOR_WANT_OF_A_PERMIT =
      List.of("limit", "queue_timeout", "hung_up");

  /**
   * Bytes beyond what any pod has, 1 PiB: who tells more tells nothing, and sums stay in bounds.
   */
  private static final double MOST_BYTES = 1L << 50;

  private boolean told;
  private double active;
  private double idle;
  private double waiting;
  private OptionalInt limit = OptionalInt.empty();
  private double draining;
  private double rejected;
  private OptionalLong workingSet = OptionalLong.empty();
  private OptionalLong live = OptionalLong.empty();
  private OptionalLong code = OptionalLong.empty();
  private OptionalLong memoryLimit = OptionalLong.empty();

  private MetricsText() {}

  /** What {@code answer} tells; failed without {@code berth_connections} in it. */
  static Outcome read(byte[] answer) {
    return read(answer, 0, answer.length);
  }

  /** What {@code answer} tells from one index up to another. */
  static Outcome read(byte[] answer, int from, int to) {
    var text = new MetricsText();
    var series = new Series(answer, from, to);
    for (var metric = series.next(); metric.isPresent(); metric = series.next()) {
      text.take(metric.get(), series);
    }
    return text.outcome();
  }

  private void take(Metric metric, Series series) {
    double value = Math.max(0, series.value());
    switch (metric) {
      case CONNECTIONS -> {
        told = true;
        active += value;
        if (series.labelled("idle")) {
          idle += value;
        }
      }
      case WAITING -> waiting += value;
      case LIMIT -> limit = OptionalInt.of((int) Math.max(0, limit.orElse(0) + value));
      case DRAINING -> draining = Math.max(draining, value);
      case REJECTED -> {
        if (FOR_WANT_OF_A_PERMIT.stream().anyMatch(series::labelled)) {
          rejected += value;
        }
      }
      case WORKING_SET -> workingSet = larger(workingSet, value);
      case LIVE -> live = larger(live, value);
      case CODE -> code = larger(code, value);
      case MEMORY_LIMIT -> memoryLimit = larger(memoryLimit, value);
    }
  }

  private static OptionalLong larger(OptionalLong before, double value) {
    return value == 0 || value > MOST_BYTES
        ? before
        : OptionalLong.of(Math.max(before.orElse(0), (long) value));
  }

  private Outcome outcome() {
    return told
        ? new Answered(
            new Reading(
                (int) active,
                (int) idle,
                (int) waiting,
                limit,
                draining > 0,
                rejected,
                workingSet.orElse(0),
                live,
                code.orElse(0),
                memoryLimit))
        : new Failed("no berth_connections in the answer");
  }
}
