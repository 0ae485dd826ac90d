package dev.berth.operator.decide;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one look at a workload showed.
 *
 * @param workload the target and what stands around it
 * @param pods its pods that are not on their way out, each by its own name
 */
public record Observation(Workload workload, List<Pod> pods) {
  public Observation {
    pods = List.copyOf(pods);
  }

  /**
   * This observation without the drained pods that the workload is already taking away: of as many
   * as it has pods too many. A rollout may have some too many while others drain.
   */
  Observation withoutLeaving() {
    int surplus = pods.size() - workload.replicas();
    Set<String> first = Victims.of(surplus, firstToGo(), workload.removal());
    var leaving =
        draining().stream().map(Pod::name).filter(first::contains).collect(Collectors.toSet());
    return leaving.isEmpty()
        ? this
        : new Observation(workload, that(pod -> !leaving.contains(pod.name())).toList());
  }

  private List<Pod> firstToGo() {
    return switch (workload.removal()) {
      case CHEAPEST_FIRST, UNKNOWN -> that(pod -> pod.marks().chosen()).toList();
      case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE -> pods;
    };
  }

  private Stream<Pod> that(Predicate<Pod> condition) {
    return pods.stream().filter(condition);
  }

  /** Pods that take connections and are to go on taking them. */
  List<Pod> serving() {
    return that(pod -> pod.observed().isPresent() && !pod.marks().draining()).toList();
  }

  /** Pods that the operator drains, to remove them. */
  List<Pod> draining() {
    return that(pod -> pod.marks().drainingSince().isPresent()).toList();
  }

  /** Pods that a person drains: they serve nobody, and are neither removed nor told to serve. */
  List<Pod> drainedByHand() {
    return that(pod -> pod.marks().drainedByHand()).toList();
  }

  List<Pod> missing() {
    return that(pod -> pod.state() instanceof Pod.Missing).toList();
  }

  List<Pod> starting() {
    return that(pod -> pod.state() instanceof Pod.Starting).toList();
  }
}
