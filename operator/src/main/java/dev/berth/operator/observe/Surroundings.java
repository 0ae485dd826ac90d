package dev.berth.operator.observe;

import dev.berth.operator.decide.Workload.Conflict;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ScaleTargetRef;
import dev.berth.operator.policy.UpdatePolicy.Mode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Who else scales a workload, and who guards its pods. */
final class Surroundings {
  private static final Comparator<ConnectionPolicy> OLDEST_FIRST =
      Comparator.comparing((ConnectionPolicy each) -> each.getMetadata().getCreationTimestamp())
          .thenComparing(each -> each.getMetadata().getName());

  private Surroundings() {}

  /**
   * Who else governs the policy's target: an older policy, or a HorizontalPodAutoscaler where the
   * policy is to set replicas itself.
   */
  static Optional<Conflict> conflict(
      ConnectionPolicy policy,
      Stream<ConnectionPolicy> policies,
      Stream<HorizontalPodAutoscaler> autoscalers) {
    ScaleTargetRef target = policy.getSpec().scaleTargetRef();
    Optional<Conflict> older =
        policies
            .filter(each -> each.getSpec() != null && each.getSpec().scaleTargetRef().same(target))
            .filter(each -> OLDEST_FIRST.compare(each, policy) < 0)
            .min(OLDEST_FIRST)
            .map(each ->
                new Conflict(
                    "ConnectionPolicy %s governs %s already, and is older; this one changes nothing"
                        .formatted(each.getMetadata().getName(), target),
                    true));
    if (older.isPresent() || policy.getSpec().updatePolicy().updateMode() != Mode.AUTO) {
      return older;
    }
    return autoscalers
        .filter(each -> ref(each).same(target))
        .map(each -> each.getMetadata().getName())
        .min(Comparator.naturalOrder())
        .map(name ->
            new Conflict(
                ("HorizontalPodAutoscaler %s scales %s too; nothing is changed until it is gone or"
                        + " updateMode is LimitsOnly")
                    .formatted(name, target),
                false));
  }

  private static ScaleTargetRef ref(HorizontalPodAutoscaler autoscaler) {
    var ref = autoscaler.getSpec().getScaleTargetRef();
    return new ScaleTargetRef(
        Optional.ofNullable(ref.getApiVersion()).orElse("apps/v1"), ref.getKind(), ref.getName());
  }

  /** How many of the pods their PodDisruptionBudgets let go now; absent without one. */
  static OptionalInt disruptionsAllowed(Collection<Pod> pods, Stream<PodDisruptionBudget> budgets) {
    List<Map<String, String>> labels =
        pods.stream()
            .map(pod -> Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of()))
            .distinct()
            .toList();
    return budgets
        .filter(budget -> guards(budget, labels))
        .mapToInt(budget ->
            Optional.ofNullable(budget.getStatus())
                .map(status -> status.getDisruptionsAllowed())
                .orElse(0))
        .min();
  }

  private static boolean guards(PodDisruptionBudget budget, List<Map<String, String>> labels) {
    if (budget.getSpec() == null || budget.getSpec().getSelector() == null) {
      return false;
    }
    Selector selector = Selector.of(budget.getSpec().getSelector());
    return labels.stream().anyMatch(selector::matches);
  }
}
