package dev.berth.operator.simulate;

import java.util.Locale;

/** A run as a table with commas, a line for each second. */
public final class RunCsv {
  private static final String HEADER =
      "second,wanted,open,replicas,pods,ready,limit,fullest_pod,memory_max_bytes,refused,unreachable,graceful,broken,lost,kills";

  private RunCsv() {}

  /** The whole table; what the columns mean is {@link Second}'s. */
  public static String of(Run run) {
    var text = new StringBuilder(HEADER).append('\n');
    for (Second each : run.seconds()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d%n",
              each.second(),
              each.wanted(),
              each.open(),
              each.replicas(),
              each.pods(),
              each.ready(),
              each.limit(),
              each.fullest(),
              each.memory(),
              each.refused(),
              each.unreachable(),
              each.graceful(),
              each.broken(),
              each.lost(),
              each.kills()));
    }
    return text.toString();
  }
}
