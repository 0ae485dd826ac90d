package dev.berth.operator.decide;

import java.util.Comparator;
import java.util.List;

/** A figure, and how much it counts. */
record Weighted(double value, double weight) {

  /** It, counting that many times as much. */
  Weighted times(double factor) {
    return new Weighted(value, weight * factor);
  }

  /** How much all of them count. */
  static double sum(List<Weighted> values) {
    return values.stream().mapToDouble(Weighted::weight).sum();
  }

  /** The least of {@code values} below which {@code part} of their weight lies; 0 of none. */
  static double quantile(List<Weighted> values, double part) {
    double whole = sum(values);
    double below = 0;
    double reached = 0;
    for (Weighted each :
        values.stream().sorted(Comparator.comparingDouble(Weighted::value)).toList()) {
      reached = each.value();
      below += each.weight();
      if (below >= part * whole) {
        break;
      }
    }
    return reached;
  }
}
