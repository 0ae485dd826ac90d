package dev.berth.operator.decide;

import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a round learns of the cost of a connection, and which pods it may learn it from. */
final class Learning {
  private static final double NEAR_PEAK = 0.95;
  private static final Duration PEAK_HALF_LIFE = Duration.ofMinutes(2);

  private Learning() {}

  /**
   * The book after this observation. A pod below its peak teaches nothing: memory stays committed
   * after load has gone, and would make a connection look cheap.
   */
  static CostBook learn(CostBook book, Observation seen, History history, Instant now) {
    var current = book.of(seen.pods().stream().map(Pod::template).collect(Collectors.toSet()));
    List<Pod> telling =
        seen.pods().stream()
            .filter(pod ->
                pod.observed()
                    .filter(state -> nearPeak(state, history.pod(pod.name())))
                    .isPresent())
            .sorted(Comparator.comparing(Pod::name))
            .toList();
    return current.learn(telling, now);
  }

  private static boolean nearPeak(Pod.Observed pod, Optional<PodHistory> before) {
    return before.isEmpty() || pod.active() >= NEAR_PEAK * before.get().peak();
  }

  /**
   * The most connections that the pod held lately. Where the pod tells its live memory, the peak
   * fades, since live memory does fall after load; a working set is remembered as long as the
   * process, which starts with its counter at 0.
   */
  static double peak(Pod pod, Optional<PodHistory> before, Duration since) {
    double last = before.map(PodHistory::peak).orElse(0.0);
    return switch (pod.state()) {
      case Pod.Observed state when state.rejected() < rejected(before) -> state.active();
      case Pod.Observed state ->
          Math.max(state.active(), state.live().isPresent() ? faded(last, since) : last);
      case Pod.Starting ignored -> 0;
      case Pod.Missing ignored -> last;
    };
  }

  private static double rejected(Optional<PodHistory> before) {
    return before.map(PodHistory::rejected).orElse(0.0);
  }

  private static double faded(double peak, Duration since) {
    return peak * Math.pow(0.5, since.toMillis() / (double) PEAK_HALF_LIFE.toMillis());
  }
}
