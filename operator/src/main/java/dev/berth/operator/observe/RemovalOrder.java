package dev.berth.operator.observe;

import dev.berth.operator.decide.Workload.Removal;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/** Which of a workload's pods go first, told by who controls them. */
final class RemovalOrder {
  private RemovalOrder() {}

  /**
   * @param set the target itself, if it is a StatefulSet
   * @param pods the target's: another kind may stand on a StatefulSet
   */
  static Removal of(ScaleTargetRef ref, Optional<StatefulSet> set, List<Pod> pods) {
    boolean ordinals =
        ref.kind().equals("StatefulSet")
            || (!pods.isEmpty() && pods.stream().allMatch(RemovalOrder::ofStatefulSet));
    if (!ordinals) {
      return Removal.CHEAPEST_FIRST;
    }
    return set.filter(each -> "Parallel".equals(each.getSpec().getPodManagementPolicy()))
            .isPresent()
        ? Removal.HIGHEST_ORDINALS_AT_ONCE
        : Removal.HIGHEST_ORDINAL_FIRST;
  }

  private static boolean ofStatefulSet(Pod pod) {
    return Controllers.controller(pod.getMetadata())
        .filter(owner -> owner.getKind().equals("StatefulSet"))
        .isPresent();
  }
}
