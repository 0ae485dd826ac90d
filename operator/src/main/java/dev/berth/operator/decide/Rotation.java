package dev.berth.operator.decide;

import dev.berth.operator.decide.Policy.Connections.WhenFull;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which pods may leave their Service's rotation whenever they are full: new connections then go to
 * pods with room, where else some of them would be refused by one that has none.
 *
 * <p>A pod leaves by itself, by not being ready, and comes back by itself; this says only which
 * ones may. So a pod that fills within a second needs no decision, and a mark that outlives its
 * operator does no harm: those that must stay are never without room when it is given.
 *
 * <p>None may in a rollout, since a Deployment removes pods that aren't ready first; nor of a
 * StatefulSet, which starts no pod while one before it isn't ready.
 *
 * @param mayLeave the pods that may
 * @param reason how many are out of it, in a sentence; empty if none is
 */
record Rotation(Set<String> mayLeave, String reason) {
  private static final Rotation NONE = new Rotation(Set.of(), "");

  /** The part of all connections that pods which stay must have room for. */
  private static final double ROOM = 0.1;

  /** How many times that room there must be before one more pod may leave. */
  private static final double AMPLE = 1.5;

  /** How much fuller another pod has to be to take a pod's place among those that may. */
  private static final double INERTIA = 0.2;

  private static final double FULL = 0.95;

  Rotation {
    mayLeave = Set.copyOf(mayLeave);
  }

  static Rotation of(Policy policy, Observation seen, Limits limits, Demand demand, Trend trend) {
    List<Pod> serving = seen.serving();
    if (policy.connections().whenFull() == WhenFull.STAY_IN_ROTATION
        || seen.workload().removal().byOrdinal()
        || seen.pods().stream().map(Pod::template).distinct().count() > 1) {
      return NONE;
    }
    double need = Math.max(1, Math.max(trend.coming(), ROOM * demand.atLeast()));
    double room = serving.stream().mapToDouble(pod -> room(pod, limits)).sum();
    var may = new HashSet<String>();
    for (Pod pod : fullestFirst(serving, limits)) {
      room -= room(pod, limits);
      if (room >= need * (pod.marks().mayLeave() ? 1 : AMPLE)) {
        may.add(pod.name());
      }
    }
    return new Rotation(may, sentence(serving, limits, may));
  }

  /**
   * Full pods come before those that were chosen before and aren't full: they take no room away,
   * and refuse their part while they stay.
   */
  private static List<Pod> fullestFirst(List<Pod> serving, Limits limits) {
    return serving.stream()
        .sorted(
            Comparator.comparing((Pod pod) -> use(pod, limits) >= FULL)
                .thenComparingDouble(
                    pod -> use(pod, limits) + (pod.marks().mayLeave() ? INERTIA : 0))
                .reversed()
                .thenComparing(Pod::name))
        .toList();
  }

  private static double room(Pod pod, Limits limits) {
    return Math.max(0, limits.taken(pod) - pod.active());
  }

  private static double use(Pod pod, Limits limits) {
    return pod.active() / (double) Math.max(1, limits.taken(pod));
  }

  private static String sentence(List<Pod> serving, Limits limits, Set<String> may) {
    long out =
        serving.stream()
            .filter(pod -> pod.marks().mayLeave() && may.contains(pod.name()))
            .filter(pod -> use(pod, limits) >= FULL)
            .count();
    return out == 0
        ? ""
        : "%s full and out of rotation, as others have room".formatted(Count.podsAre(out));
  }

  /** The pods that may from now on, and might not before. */
  Set<String> leave(Observation seen) {
    return changed(seen, true);
  }

  /** The pods that may no more. */
  Set<String> stay(Observation seen) {
    return changed(seen, false);
  }

  private Set<String> changed(Observation seen, boolean may) {
    var changed = new HashSet<String>();
    for (Pod pod : seen.pods()) {
      boolean differs = pod.marks().mayLeave() != may && mayLeave.contains(pod.name()) == may;
      if (differs && !pod.marks().draining()) {
        changed.add(pod.name());
      }
    }
    return changed;
  }
}
