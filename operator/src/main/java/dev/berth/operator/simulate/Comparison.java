package dev.berth.operator.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The same trace under several governors, side by side, and whether Berth is at least as good as it
 * promises: no kill, nothing broken, no more attempts without a connection than under any other,
 * and at most a tenth more pod-hours than the cheapest of the others that serve 99 %.
 *
 * @param trace its name
 */
public record Comparison(String trace, List<Run> runs) {
  private static final double GOOD = 0.99;
  private static final double MORE = 1.1;

  public Comparison {
    runs = List.copyOf(runs);
  }

  /** What Berth's run falls short in, in words; empty if nothing. */
  public List<String> shortcomings() {
    var found = new ArrayList<String>();
    for (Run run : runs) {
      if (run.contender() == Contender.BERTH) {
        judge(run.summary(), found);
      }
    }
    return found;
  }

  private void judge(Summary berth, List<String> found) {
    if (berth.kills() > 0) {
      found.add("%d kills for memory".formatted(berth.kills()));
    }
    if (berth.broken() > 0) {
      found.add("%d connections broken".formatted(berth.broken()));
    }
    long least = others().mapToLong(Summary::unserved).min().orElse(Long.MAX_VALUE);
    if (berth.unserved() > least) {
      found.add("%d attempts unserved, another has %d".formatted(berth.unserved(), least));
    }
    OptionalDouble cheapest =
        others().filter(each -> each.served() >= GOOD).mapToDouble(Summary::podHours).min();
    if (cheapest.isPresent() && berth.podHours() > MORE * cheapest.getAsDouble()) {
      found.add(
          "%.2f pod-hours, another serves 99 %% with %.2f"
              .formatted(berth.podHours(), cheapest.getAsDouble()));
    }
  }

  private Stream<Summary> others() {
    return runs.stream().filter(run -> run.contender() != Contender.BERTH).map(Run::summary);
  }

  /** A header and a line for each governor, in Markdown, which reads well as it is, too. */
  public String table() {
    var text = new StringBuilder();
    text.append(
        """
        | %-20s | served | refused | no pod | OOM kills |  broken | ended well | pod-hours | most pods | turns |
        |----------------------|-------:|--------:|-------:|----------:|--------:|-----------:|----------:|----------:|------:|
        """
            .formatted(trace));
    for (Run run : runs) {
      Summary each = run.summary();
      text.append(
          "| %-20s | %4.1f %% | %7d | %6d | %9d | %7d | %10d | %9.2f | %9d | %5d |%n"
              .formatted(
                  run.contender().title(),
                  100 * each.served(),
                  each.refused(),
                  each.unreachable(),
                  each.kills(),
                  each.broken(),
                  each.graceful(),
                  each.podHours(),
                  each.mostPods(),
                  each.turns()));
    }
    return text.toString();
  }
}
