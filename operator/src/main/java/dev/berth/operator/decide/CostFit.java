package dev.berth.operator.decide;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The figures that follow from what was seen of a template's pods.
 *
 * @param cost bytes that a connection costs, at least 1: what was learned as far as it is trusted,
 *     and the prior for the rest
 * @param base bytes that a process needs without connections, at least 0
 * @param trust how far the cost is learned, 0 to 1
 * @param mostSeen the most connections that a pod was seen to hold
 */
record CostFit(long cost, long base, double trust, int mostSeen) {
  private static final double FULL_TRUST_SPREAD = 200;
  private static final double FULL_TRUST_BYTES = 16 << 20;

  /** Nothing was seen. */
  static CostFit none(long prior) {
    return new CostFit(prior, 0, 0, 0);
  }

  static CostFit of(
      long prior, double slope, List<Line.Level> levels, DoubleUnaryOperator baseAtCost) {
    double trust = trust(levels, slope);
    long cost =
        trust == 0
            ? prior
            : Math.max(1, Math.round(trust * Math.max(1, slope) + (1 - trust) * prior));
    return new CostFit(
        cost,
        Math.max(0, Math.round(baseAtCost.applyAsDouble((double) cost))),
        trust,
        (int) Math.round(most(levels)));
  }

  /**
   * It is whole when levels {@value #FULL_TRUST_SPREAD} connections apart were seen, or fewer that
   * take {@value #FULL_TRUST_BYTES} bytes: a costly connection must be believed before its pod is
   * full.
   */
  private static double trust(List<Line.Level> levels, double slope) {
    if (levels.stream().mapToInt(Line.Level::key).distinct().count() < 3) {
      return 0;
    }
    double least = levels.stream().mapToDouble(Line.Level::connections).min().orElse(0);
    double spread = most(levels) - least;
    double bytes = slope * spread;
    double samples = levels.stream().mapToInt(Line.Level::samples).sum();
    return Math.clamp(Math.max(spread / FULL_TRUST_SPREAD, bytes / FULL_TRUST_BYTES), 0, 1)
        * Math.min(1, samples / Line.Level.MOST_SAMPLES);
  }

  private static double most(List<Line.Level> levels) {
    return levels.stream().mapToDouble(Line.Level::connections).max().orElse(0);
  }
}
