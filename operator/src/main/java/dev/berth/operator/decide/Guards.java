package dev.berth.operator.decide;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What forbids a change, in words; absent where nothing does. */
final class Guards {
  private Guards() {}

  /** Why nothing at all may be changed. */
  static Optional<String> hold(Policy policy, Observation seen) {
    Workload workload = seen.workload();
    if (workload.conflict().isPresent()) {
      return workload.conflict().map(Workload.Conflict::sentence);
    }
    if (workload.paused().isPresent()) {
      return workload.paused().map(why -> why + left(seen.draining().size()));
    }
    if (workload.replicas() == 0) {
      return Optional.of("the workload is scaled to 0 by hand; nothing is done until it has pods");
    }
    return policy.mode() == Policy.UpdateMode.OFF
        ? Optional.of("updateMode is Off; this is only a recommendation")
        : Optional.empty();
  }

  private static String left(int draining) {
    return draining == 0
        ? ""
        : "; %s draining, and neither removed nor told to serve meanwhile"
            .formatted(Count.podsAre(draining));
  }

  /**
   * Whether pods that drain are to serve again though nothing else may be changed: nobody would
   * remove them, and nobody else has them drain. A paused policy changes nothing at all.
   */
  static boolean takesBack(Policy policy, Workload workload) {
    boolean alone =
        workload.conflict().isPresent()
            ? !workload.conflict().get().drains()
            : policy.mode() == Policy.UpdateMode.OFF;
    return alone && workload.paused().isEmpty() && workload.replicas() > 0;
  }

  /** Why the number of pods may not be changed, although limits may. */
  static Optional<String> scaling(Policy policy) {
    return policy.mode() == Policy.UpdateMode.LIMITS_ONLY
        ? Optional.of("updateMode is LimitsOnly; replicas are only recommended")
        : Optional.empty();
  }

  /**
   * Why no pod is ever removed, though fewer are needed: what controls them takes others than those
   * that were drained, for all that is known.
   */
  static Optional<String> unremovable(Observation seen, int desired) {
    Workload workload = seen.workload();
    return workload.removal() == Workload.Removal.UNKNOWN && desired < workload.replicas()
        ? Optional.of(
            "%s would do, but none is removed: what controls these pods isn't known to remove the drained ones"
                .formatted(Count.pods(desired)))
        : Optional.empty();
  }

  /**
   * Why no pod may be chosen for removal, or removed, now.
   *
   * @param lost whose {@code vacant} pods are no reason
   */
  static Optional<String> removal(Observation seen, Lost lost, boolean panic) {
    long missing = seen.missing().stream().filter(lost::mayHold).count();
    if (missing > 0) {
      return Optional.of(
          "%d of %d pods can't be observed; none is removed until they can"
              .formatted(missing, seen.pods().size()));
    }
    long starting = seen.starting().stream().filter(lost::mayCome).count();
    if (starting > 0) {
      return Optional.of(
          "%s starting; none is removed meanwhile".formatted(Count.podsAre(starting)));
    }
    List<Pod> byHand = seen.drainedByHand();
    if (seen.workload().removal().byOrdinal() && !byHand.isEmpty()) {
      return Optional.of(
          "%s drained by hand; a StatefulSet might remove such a pod, or none before it is ready"
              .formatted(Count.podsAre(byHand.size())));
    }
    Optional<Pod> awaited = awaited(seen);
    if (awaited.isPresent()) {
      return awaited.map(pod ->
          pod.name()
              + " isn't ready, and a StatefulSet that works in order removes none before it is");
    }
    if (seen.workload().rolling()) {
      return Optional.of(unfinished(seen) + "; no pod is removed meanwhile");
    }
    return panic
        ? Optional.of(
            "connections were refused, or nearly, within the last minute; no pod is removed")
        : Optional.empty();
  }

  /** A pod that the workload's own controller waits for before it removes the first to go. */
  private static Optional<Pod> awaited(Observation seen) {
    Set<String> first = Victims.of(1, seen.pods(), seen.workload().removal());
    return unready(seen).filter(pod -> !first.contains(pod.name())).findFirst();
  }

  /**
   * The pods that aren't ready, lowest first, of a controller that waits for such before it does
   * anything. What it lacks with a lower ordinal it makes before it looks at them.
   */
  private static Stream<Pod> unready(Observation seen) {
    if (seen.workload().removal() != Workload.Removal.HIGHEST_ORDINAL_FIRST) {
      return Stream.empty();
    }
    List<Pod> lowestFirst = Victims.inOrder(seen.pods(), seen.workload().removal()).reversed();
    int lowest = lowestFirst.isEmpty() ? 0 : Victims.ordinal(lowestFirst.getFirst());
    return IntStream.range(0, lowestFirst.size())
        .takeWhile(each -> Victims.ordinal(lowestFirst.get(each)) == lowest + each)
        .mapToObj(lowestFirst::get)
        .filter(pod -> !pod.ready());
  }

  /** What the workload's own controller is at. */
  private static String unfinished(Observation seen) {
    int there = seen.pods().size();
    int wanted = seen.workload().replicas();
    if (there >= wanted) {
      return "a rollout is in progress";
    }
    return unready(seen)
        .findFirst()
        .map(pod ->
            pod.name()
                + " isn't ready, and a StatefulSet that works in order makes no other before it is")
        .orElseGet(() -> "the workload has %d of its %s".formatted(there, Count.pods(wanted)));
  }
}
