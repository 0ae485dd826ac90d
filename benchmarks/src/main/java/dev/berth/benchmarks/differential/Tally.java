package dev.berth.benchmarks.differential;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How the cases sent to Berth and one peer compared. Safe for any number of threads. */
final class Tally {
  private final Map<Comparison, Integer> counts = new EnumMap<>(Comparison.class);
  private final List<Case> different = new ArrayList<>();
  private int cases;
  private int alike;

  synchronized void add(Case sent, Outcome outcome) {
    cases++;
    alike += outcome.alike();
    counts.merge(outcome.comparison(), 1, Integer::sum);
    if (outcome.comparison() == Comparison.DIFFERENT) {
      different.add(sent);
    }
  }

  synchronized int cases() {
    return cases;
  }

  /** Requests that both heard, and framed alike. */
  synchronized int alike() {
    return alike;
  }

  /** Cases that compared like that. */
  synchronized int count(Comparison comparison) {
    return counts.getOrDefault(comparison, 0);
  }

  /** Those of which something was framed differently. */
  synchronized List<Case> different() {
    return List.copyOf(different);
  }
}
