package dev.berth.operator.decide;

import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.util.Optional;

/**
 * The connections that clients want, open or not.
 *
 * @param active open connections of all pods, draining ones included: their clients come back
 * @param rejectedPerSecond connections refused for want of a permit, smoothed
 * @param missing pods that can't be asked
 */
record Demand(int active, double rejectedPerSecond, int missing) {
  /**
   * How often a refused client is taken to try again: the {@code Retry-After} that the server
   * sends. A client that retries is refused once in that time, so the refusals of that time are as
   * many clients.
   */
  static final Duration RETRY = Duration.ofSeconds(1);

  private static final double SMOOTHING = 0.3;
  private static final double FELT = 0.5;

  static Demand of(Observation seen, History history) {
    double rejected =
        seen.pods().stream()
            .flatMap(pod -> history.pod(pod.name()).stream())
            .mapToDouble(PodHistory::rejectedPerSecond)
            .sum();
    int active = seen.pods().stream().mapToInt(Pod::active).sum();
    return new Demand(active, rejected < FELT ? 0 : rejected, seen.missing().size());
  }

  /** Whether a connection was refused since the last round, for want of a permit. */
  static boolean refusedNow(Observation seen, History history) {
    return seen.pods().stream()
        .anyMatch(pod ->
            pod.observed().isPresent()
                && history.pod(pod.name()).isPresent()
                && pod.observed().get().rejected() > history.pod(pod.name()).get().rejected());
  }

  /** What scaling up counts: a missing pod adds nothing. */
  double atLeast() {
    return active + rejectedPerSecond * RETRY.toMillis() / 1000;
  }

  /** What scaling down counts: a missing pod is full. */
  double atMost(int limit) {
    return atLeast() + (double) missing * limit;
  }

  /** A pod's refusals per second after this round; a counter that fell has started again from 0. */
  static double rejectedPerSecond(Pod.Observed pod, Optional<PodHistory> before, Duration since) {
    if (before.isEmpty() || since.isZero()) {
      return before.map(PodHistory::rejectedPerSecond).orElse(0.0);
    }
    double last = before.get().rejected();
    double more = pod.rejected() >= last ? pod.rejected() - last : pod.rejected();
    double rate = more * 1000 / since.toMillis();
    double smoothed = before.get().rejectedPerSecond();
    return rate >= smoothed ? rate : smoothed + SMOOTHING * (rate - smoothed);
  }
}
