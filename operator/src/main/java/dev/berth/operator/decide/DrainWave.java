package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The pods that are being emptied, from the marks on them: one wave at a time, removed together
 * when all are done.
 *
 * <pre>
 *           too many pods            all empty, or timed out
 *  (none) ────────────────► draining ───────────────────────► removed
 *     ▲                        │
 *     └──── load came back ────┘
 * </pre>
 *
 * @param replicas the pods the workload is told to have, those of the wave included
 */
record DrainWave(int replicas, List<Pod> pods) {
  boolean running() {
    return !pods.isEmpty();
  }

  /** The pods that are to stay. */
  int staying() {
    return Math.max(0, replicas - pods.size());
  }

  /** Pods that have seen their mark and hold no connection, can't hold any, or had their time. */
  boolean done(Duration timeout, Instant now) {
    return running() && pods.stream().allMatch(pod -> empty(pod) || late(pod, timeout, now));
  }

  /**
   * Whether its pods would be the first to be removed. A ReplicaSet looks at readiness before
   * deletion cost, and a probe finds out only after a while that a pod drains: until then a pod
   * that isn't ready, as one that is full and out of rotation, would go in its place; so would one
   * that may leave rotation, if it did meanwhile. Those that had their time and are ready still
   * have no probe, and then nobody has.
   */
  boolean firstToGo(Observation seen, Duration timeout, Instant now) {
    return switch (seen.workload().removal()) {
      case CHEAPEST_FIRST, UNKNOWN -> {
        boolean probed = !pods.stream().allMatch(pod -> late(pod, timeout, now));
        yield pods.stream().noneMatch(Pod::ready)
            || seen.pods().stream()
                .filter(pod -> !pods.contains(pod))
                .allMatch(pod -> pod.ready() && !(probed && pod.marks().mayLeave()));
      }
      case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE -> true;
    };
  }

  /** Connections that the wave still holds. */
  long active() {
    return pods.stream().mapToLong(Pod::active).sum();
  }

  Scale removal() {
    return new Scale.Remove(
        staying(), pods.stream().map(Pod::name).collect(Collectors.toUnmodifiableSet()));
  }

  /** The pods that serve again when {@code desired} are to stay. */
  Set<String> spared(int desired, Workload.Removal removal) {
    return Victims.spared(desired - staying(), pods, removal);
  }

  /**
   * The pods in whose place others would be removed: since they were chosen, pods with higher
   * ordinals have come, or, where those that don't run go first, others that are {@code vacant}
   * don't.
   */
  Set<String> outOfTurn(Observation seen, List<Pod> vacant) {
    Predicate<Pod> outOfTurn =
        switch (seen.workload().removal()) {
          case CHEAPEST_FIRST, UNKNOWN ->
              pod ->
                  !vacant.stream().allMatch(Pod::running) && pods.stream().anyMatch(Pod::running);
          case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE -> {
            Set<String> first = Victims.of(pods.size(), seen.pods(), seen.workload().removal());
            yield pod -> !first.contains(pod.name());
          }
        };
    return pods.stream().filter(outOfTurn).map(Pod::name).collect(Collectors.toUnmodifiableSet());
  }

  String sentence(Duration timeout, Instant now) {
    long empty = pods.stream().filter(DrainWave::empty).count();
    long late = pods.stream().filter(pod -> !empty(pod) && late(pod, timeout, now)).count();
    return "%d of %d draining pods are empty, %s%s"
        .formatted(
            empty,
            pods.size(),
            Count.connectionsRemain(active()),
            late == 0 ? "" : ", %s had the %d s".formatted(Count.pods(late), timeout.toSeconds()));
  }

  private static boolean empty(Pod pod) {
    return pod.observed()
        .map(seen -> seen.draining() && seen.active() == 0)
        .orElse(pod.occupancy() != Pod.Occupancy.OCCUPIED);
  }

  private static boolean late(Pod pod, Duration timeout, Instant now) {
    return pod.marks()
        .drainingSince()
        .map(since -> !now.isBefore(since.plus(timeout)))
        .orElse(false);
  }
}
