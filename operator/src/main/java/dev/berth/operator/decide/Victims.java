package dev.berth.operator.decide;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which pods are to go when there are too many. */
final class Victims {
  private Victims() {}

  /**
   * The {@code count} pods to empty: those that hold nobody for certain, of which a ReplicaSet
   * takes first those that don't run, and those with the fewest connections; or a StatefulSet's
   * with the highest ordinals, since those are what it removes.
   */
  static Set<String> of(int count, List<Pod> pods, Workload.Removal removal) {
    var chosen = new LinkedHashSet<String>();
    inOrder(pods, removal).stream().limit(Math.max(0, count)).map(Pod::name).forEach(chosen::add);
    return chosen;
  }

  /** The pods, those that go first before the others. */
  static List<Pod> inOrder(List<Pod> pods, Workload.Removal removal) {
    Comparator<Pod> order =
        switch (removal) {
          case CHEAPEST_FIRST, UNKNOWN ->
              Comparator.comparing(Pod::occupancy)
                  .thenComparingInt(Pod::active)
                  .thenComparing(Pod::name);
          case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE ->
              Comparator.comparingInt(Victims::ordinal).reversed();
        };
    return pods.stream().sorted(order).toList();
  }

  /**
   * The pods that serve again first: those that still hold the most connections; a StatefulSet's
   * lowest ordinals.
   */
  static Set<String> spared(int count, List<Pod> draining, Workload.Removal removal) {
    Comparator<Pod> order =
        switch (removal) {
          case CHEAPEST_FIRST, UNKNOWN ->
              Comparator.comparingInt(Pod::active).reversed().thenComparing(Pod::name);
          case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE ->
              Comparator.comparingInt(Victims::ordinal);
        };
    var chosen = new LinkedHashSet<String>();
    draining.stream().sorted(order).limit(Math.max(0, count)).map(Pod::name).forEach(chosen::add);
    return chosen;
  }

  /** The number at the end of a pod's name; -1 without one. */
  static int ordinal(Pod pod) {
    String digits = pod.name().substring(pod.name().lastIndexOf('-') + 1);
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
  }
}
