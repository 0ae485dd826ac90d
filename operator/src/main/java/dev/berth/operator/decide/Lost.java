package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Pods that stay in the count and hold nobody: they have been away for so long that neither a start
 * nor a restart explains it.
 *
 * <p>What keeps them away may keep others away too: an image that is not there, a crash at the
 * start, no node with room. So not each has another asked for in its place, which would be lost as
 * well and call for the next, up to maxReplicas: one for each that served, unless more than two of
 * three pods are gone; and few for those that never came. The others count as pods on their way.
 *
 * <p>There are no more of them than pods are missing: while a rollout has some too many, one that
 * doesn't come takes nobody's place.
 *
 * @param pods all of them
 * @param replaced those in whose place others are asked for
 * @param vacant those of them that hold no connection for certain, and were away for as long as a
 *     pod may start: they are the first to go
 */
record Lost(int pods, int replaced, List<Pod> vacant) {
  /** How long a pod may start, as HorizontalPodAutoscaler's cpu-initialization-period. */
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  private static final int MOST_GONE = 2;

  /** So many serving pods vouch for one in place of one that never came. */
  private static final int WITNESSES = 4;

  /**
   * @param staying the pods that are to stay
   * @param remembered the history with this round's pods in it
   */
  static Lost of(Observation seen, int staying, History remembered, Trend trend, Instant now) {
    List<Pod> away =
        seen.pods().stream()
            .filter(pod -> !pod.marks().draining() && pod.observed().isEmpty())
            .filter(pod -> away(pod, patience(pod, trend), remembered, now))
            .toList();
    int went =
        (int)
            away.stream()
                .flatMap(pod -> remembered.pod(pod.name()).stream())
                .filter(known -> known.life().answered().isPresent())
                .count();
    int serving = seen.serving().size();
    int missing = Math.max(0, staying - serving - seen.drainedByHand().size());
    int replaced =
        Math.min(went, Math.max(1, MOST_GONE * serving))
            + Math.min(away.size() - went, Math.max(1, serving / WITNESSES));
    return new Lost(
        Math.min(away.size(), missing),
        Math.min(replaced, missing),
        away.stream()
            .filter(pod -> pod.occupancy() != Pod.Occupancy.OCCUPIED)
            .filter(pod -> away(pod, LONGEST_START, remembered, now))
            .toList());
  }

  private static Duration patience(Pod pod, Trend trend) {
    return pod.state() instanceof Pod.Starting ? LONGEST_START : trend.start();
  }

  private static boolean away(Pod pod, Duration patience, History remembered, Instant now) {
    return remembered
        .pod(pod.name())
        .map(known -> known.life().last().orElse(known.life().first()))
        .map(since -> now.isAfter(since.plus(patience)))
        .orElse(false);
  }

  /** Whether a pod that can't be asked may hold connections that are to stay. */
  boolean mayHold(Pod pod) {
    return !pod.marks().draining() && mayCome(pod);
  }

  /** Whether a pod that starts may come yet. */
  boolean mayCome(Pod pod) {
    return !vacant.contains(pod);
  }

  /** How many there are, after another sentence; empty if there are none. */
  String sentence() {
    return pods == 0
        ? ""
        : "; %s not there, and %d asked for instead".formatted(Count.podsAre(pods), replaced);
  }
}
