package dev.berth.operator.decide;

import java.util.Comparator;
import java.util.List;

/** A figure, and how much it counts. */
record Weighted(double value, double weight) {

  /** The least of {@code values} below which {@code part} of their weight lies; 0 of none. */
  static double quantile(List<Weighted> values, double part) {
    double whole = values.stream().mapToDouble(Weighted::weight).sum();
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
