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
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who else scales a workload, and who guards its pods. */
final class Surroundings {
  private static final Comparator<ConnectionPolicy> OLDEST_FIRST =
      Comparator.comparing((ConnectionPolicy each) -> each.getMetadata().getCreationTimestamp())
          .thenComparing(each -> each.getMetadata().getName());

  private Surroundings() {}

  /**
   * Who else governs the policy's pods: an older policy of its target, or of another workload that
   * they belong to; or a HorizontalPodAutoscaler of one of these where the policy is to set
   * replicas itself. A target that selects pods without being known to control them leaves them to
   * a policy of theirs, however old: that one doesn't see it; and to an older one of another that
   * selects some of them.
   *
   * @param controllers the workloads that the pods belong to
   * @param selects whether a workload has any of the pods without being known to control them
   */
  static Optional<Conflict> conflict(
      ConnectionPolicy policy,
      Set<ScaleTargetRef> controllers,
      Predicate<ScaleTargetRef> selects,
      Stream<ConnectionPolicy> policies,
      Stream<HorizontalPodAutoscaler> autoscalers) {
    ScaleTargetRef target = policy.getSpec().scaleTargetRef();
    Predicate<ScaleTargetRef> controls = ref -> controllers.stream().anyMatch(ref::same);
    boolean selectsOnly = !controls.test(target);
    Optional<Conflict> other =
        policies
            .filter(each -> each.getSpec() != null)
            .filter(each -> {
              ScaleTargetRef its = each.getSpec().scaleTargetRef();
              return OLDEST_FIRST.compare(each, policy) < 0
                  ? its.same(target) || controls.test(its) || (selectsOnly && selects.test(its))
                  : controls.test(its) && selectsOnly;
            })
            .min(OLDEST_FIRST)
            .map(each -> new Conflict(sentence(each, target), true));
    if (other.isPresent() || policy.getSpec().updatePolicy().updateMode() != Mode.AUTO) {
      return other;
    }
    return autoscalers
        .filter(each -> ref(each).same(target) || controls.test(ref(each)))
        .min(Comparator.comparing(each -> each.getMetadata().getName()))
        .map(each ->
            new Conflict(
                ("HorizontalPodAutoscaler %s scales %s too; nothing is changed until it is gone or"
                        + " updateMode is LimitsOnly")
                    .formatted(each.getMetadata().getName(), ref(each)),
                false));
  }

  private static String sentence(ConnectionPolicy other, ScaleTargetRef target) {
    ScaleTargetRef its = other.getSpec().scaleTargetRef();
    return its.same(target)
        ? "ConnectionPolicy %s governs %s already, and is older; this one changes nothing"
            .formatted(other.getMetadata().getName(), target)
        : "ConnectionPolicy %s governs the pods of %s already, as those of %s; this one changes nothing until one of the two policies is deleted"
            .formatted(other.getMetadata().getName(), target, its);
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
