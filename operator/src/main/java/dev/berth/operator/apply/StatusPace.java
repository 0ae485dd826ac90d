package dev.berth.operator.apply;

import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import dev.berth.operator.policy.StatusCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When a status is worth a write: at once when a decision or a state changed, each 5 seconds at
 * most while only figures move, never when nothing did. Of many policies the figures are written
 * less often, so that those of all of them together take {@value #FIGURES_PER_SECOND} writes per
 * second. Pure.
 */
public final class StatusPace {
  private static final Duration FIGURES = Duration.ofSeconds(5);
  private static final int FIGURES_PER_SECOND = 50;

  private StatusPace() {}

  /** What a write would be worth. */
  public enum Worth {
    /** Nothing changed, or figures did too short a time ago. */
    NOTHING,
    /** Figures moved, and it is time to write them. */
    FIGURES,
    /** A decision or a state changed. */
    CHANGE
  }

  /**
   * What writing {@code next} now is worth.
   *
   * @param written the status as last written
   * @param at when it was decided
   * @param policies how many there are
   */
  public static Worth worth(
      ConnectionPolicyStatus written,
      ConnectionPolicyStatus next,
      Instant at,
      int policies,
      Instant now) {
    if (written.equals(next)) {
      return Worth.NOTHING;
    }
    if (!substance(written).equals(substance(next))) {
      return Worth.CHANGE;
    }
    return now.isBefore(at.plus(pause(policies))) ? Worth.NOTHING : Worth.FIGURES;
  }

  private static Duration pause(int policies) {
    Duration shared = Duration.ofMillis(1000L * policies / FIGURES_PER_SECOND);
    return shared.compareTo(FIGURES) > 0 ? shared : FIGURES;
  }

  /** The status without what moves while nothing changes. */
  private static ConnectionPolicyStatus substance(ConnectionPolicyStatus status) {
    return new ConnectionPolicyStatus(
        status.observedGeneration(),
        status.currentReplicas(),
        status.desiredReplicas(),
        status.connectionLimit(),
        null,
        null,
        null,
        null,
        status.lastScaleTime(),
        null,
        Optional.ofNullable(status.pods()).orElse(List.of()).stream()
            .map(StatusPace::substance)
            .sorted(Comparator.comparing(PodStatus::name))
            .toList(),
        Optional.ofNullable(status.conditions()).orElse(List.of()).stream()
            .map(StatusPace::substance)
            .toList());
  }

  private static PodStatus substance(PodStatus pod) {
    return new PodStatus(
        pod.name(),
        pod.phase(),
        null,
        pod.limit(),
        pod.appliedLimit(),
        null,
        pod.memoryLimitBytes());
  }

  private static StatusCondition substance(StatusCondition condition) {
    return new StatusCondition(
        condition.type(),
        condition.status(),
        condition.reason(),
        "",
        condition.lastTransitionTime(),
        condition.observedGeneration());
  }
}
