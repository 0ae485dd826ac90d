package dev.berth.operator.decide;

import java.util.Comparator;
import java.util.List;
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
   * This observation without the drained pods that the workload is already taking away: as many as
   * it has pods too many.
   */
  Observation withoutLeaving() {
    int surplus = pods.size() - workload.replicas();
    var leaving =
        draining().stream()
            .sorted(Comparator.comparingInt(Pod::active))
            .limit(Math.max(0, surplus))
            .map(Pod::name)
            .collect(Collectors.toSet());
    return leaving.isEmpty()
        ? this
        : new Observation(workload, that(pod -> !leaving.contains(pod.name())).toList());
  }

  private Stream<Pod> that(Predicate<Pod> condition) {
    return pods.stream().filter(condition);
  }

  /** Pods that take connections and are to go on taking them. */
  List<Pod> serving() {
    return that(pod -> pod.observed().isPresent() && !pod.marks().draining()).toList();
  }

  List<Pod> draining() {
    return that(pod -> pod.marks().draining()).toList();
  }

  List<Pod> missing() {
    return that(pod -> pod.state() instanceof Pod.Missing).toList();
  }

  List<Pod> starting() {
    return that(pod -> pod.state() instanceof Pod.Starting).toList();
  }
}
