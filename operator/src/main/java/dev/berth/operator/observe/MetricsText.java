package dev.berth.operator.observe;

import dev.berth.operator.observe.Scrape.Answered;
import dev.berth.operator.observe.Scrape.Failed;
import dev.berth.operator.observe.Scrape.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pod's answer in the Prometheus text format (or OpenMetrics, which differs in nothing that
 * matters here), read for the few series that a decision needs; everything else is stepped over.
 *
 * <p>Series of one name that differ in other labels add up, but for memory and draining, where the
 * largest counts: a container has one memory. Owned by one thread, used for one answer.
 */
final class MetricsText {
  private static final byte[] PREFIX = "berth_".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> WANTED =
      List.of(
          "berth_connections",
          "berth_connections_waiting",
          "berth_connection_limit",
          "berth_draining",
          "berth_connections_rejected_total",
          "berth_memory_working_set_bytes",
          "berth_memory_live_bytes",
          "berth_memory_code_bytes",
          "berth_memory_limit_bytes");
  private static final List<byte[]> NAMES =
      WANTED.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toList();

  /** Asks for those metrics and no others, as Prometheus's client libraries understand it. */
  static final String QUERY =
      WANTED.stream().map(name -> "name%5B%5D=" + name).collect(Collectors.joining("&"));

  private static final Set<String> FOR_WANT_OF_A_PERMIT =
      Set.of("limit", "queue_timeout", "hung_up");

  private boolean told;
  private double active;
  private double idle;
  private double waiting;
  private double limit;
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
    int start = from;
    while (start < to) {
      int end = start;
      while (end < to && answer[end] != '\n') {
        end++;
      }
      if (ours(answer, start, end)) {
        String line = new String(answer, start, end - start, StandardCharsets.UTF_8);
        Series.of(line.stripTrailing()).ifPresent(text::take);
      }
      start = end + 1;
    }
    return text.outcome();
  }

  private static boolean ours(byte[] answer, int start, int end) {
    if (end - start <= PREFIX.length
        || !Arrays.equals(answer, start, start + PREFIX.length, PREFIX, 0, PREFIX.length)) {
      return false;
    }
    for (byte[] name : NAMES) {
      if (named(answer, start, end, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean named(byte[] answer, int start, int end, byte[] name) {
    int after = start + name.length;
    return after < end
        && Arrays.equals(answer, start, after, name, 0, name.length)
        && (answer[after] == '{' || answer[after] == ' ' || answer[after] == '\t');
  }

  private void take(Series series) {
    double value = Math.max(0, series.value());
    switch (series.name()) {
      case "berth_connections" -> {
        told = true;
        active += value;
        if (series.labels().getOrDefault("state", "").equals("idle")) {
          idle += value;
        }
      }
      case "berth_connections_waiting" -> waiting += value;
      case "berth_connection_limit" -> limit += value;
      case "berth_draining" -> draining = Math.max(draining, value);
      case "berth_connections_rejected_total" -> {
        if (FOR_WANT_OF_A_PERMIT.contains(series.labels().getOrDefault("reason", ""))) {
          rejected += value;
        }
      }
      case "berth_memory_working_set_bytes" -> workingSet = larger(workingSet, value);
      case "berth_memory_live_bytes" -> live = larger(live, value);
      case "berth_memory_code_bytes" -> code = larger(code, value);
      case "berth_memory_limit_bytes" -> memoryLimit = larger(memoryLimit, value);
      default -> {}
    }
  }

  private static OptionalLong larger(OptionalLong before, double value) {
    return value == 0 ? before : OptionalLong.of(Math.max(before.orElse(0), (long) value));
  }

  private Outcome outcome() {
    return told
        ? new Answered(
            new Reading(
                (int) active,
                (int) idle,
                (int) waiting,
                (int) limit,
                draining > 0,
                rejected,
                workingSet.orElse(0),
                live,
                code.orElse(0),
                memoryLimit))
        : new Failed("no berth_connections in the answer");
  }
}
