package dev.berth.operator.apply;

import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import dev.berth.operator.policy.StatusCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When a status is worth a write: at once when a decision or a state changed, each 5 seconds at
 * most while only figures move, never when nothing did. Of many policies the figures are written
 * less often, so that those of all of them together take {@value #FIGURES_PER_SECOND} writes per
 * second. Pure.
 */
public final class StatusPace {
  private static final Duration FIGURES = Duration.ofSeconds(5);
  private static final int FIGURES_PER_SECOND = 20;

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
    if (!sameSubstance(written, next)) {
      return Worth.CHANGE;
    }
    return now.isBefore(at.plus(pause(policies))) ? Worth.NOTHING : Worth.FIGURES;
  }

  private static Duration pause(int policies) {
    Duration shared = Duration.ofMillis(1000L * policies / FIGURES_PER_SECOND);
    return shared.compareTo(FIGURES) > 0 ? shared : FIGURES;
  }

  /**
   * Whether all is alike but what moves while nothing changes; pods that the newer one doesn't tell
   * are.
   */
  private static boolean sameSubstance(ConnectionPolicyStatus one, ConnectionPolicyStatus other) {
    return Objects.equals(one.observedGeneration(), other.observedGeneration())
        && Objects.equals(one.currentReplicas(), other.currentReplicas())
        && Objects.equals(one.desiredReplicas(), other.desiredReplicas())
        && Objects.equals(one.connectionLimit(), other.connectionLimit())
        && Objects.equals(one.lastScaleTime(), other.lastScaleTime())
        && (other.pods() == null || samePods(or(one.pods()), other.pods()))
        && sameConditions(or(one.conditions()), or(other.conditions()));
  }

  private static <T> List<T> or(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /**
   * In any order: it comes from how many connections each has. So does which of more pods than are
   * told are among those: then only what both tell of counts.
   */
  private static boolean samePods(List<PodStatus> some, List<PodStatus> others) {
    boolean cut = some.size() == StatusReport.MOST_PODS;
    Map<String, PodStatus> known =
        others.stream().collect(Collectors.toMap(PodStatus::name, Function.identity()));
    return some.size() == others.size()
        && some.stream()
            .allMatch(pod ->
                Optional.ofNullable(known.get(pod.name()))
                    .map(other -> same(pod, other))
                    .orElse(cut));
  }

  private static boolean same(PodStatus one, PodStatus other) {
    return one.phase() == other.phase()
        && Objects.equals(one.limit(), other.limit())
        && Objects.equals(one.appliedLimit(), other.appliedLimit())
        && Objects.equals(one.memoryLimitBytes(), other.memoryLimitBytes());
  }

  private static boolean sameConditions(List<StatusCondition> some, List<StatusCondition> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int each = 0; each < some.size(); each++) {
      if (!same(some.get(each), others.get(each))) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(StatusCondition one, StatusCondition other) {
    return one.type().equals(other.type())
        && one.status().equals(other.status())
        && one.reason().equals(other.reason())
        && one.lastTransitionTime().equals(other.lastTransitionTime())
        && Objects.equals(one.observedGeneration(), other.observedGeneration());
  }
}
