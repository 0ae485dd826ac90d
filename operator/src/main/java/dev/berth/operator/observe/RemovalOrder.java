package dev.berth.operator.observe;

import dev.berth.operator.decide.Workload.Removal;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which of a workload's pods go first, told by who controls them. */
final class RemovalOrder {
  /** Who heeds a pod's deletion cost: the last is OpenKruise's. */
  private static final Set<String> CHEAPEST_FIRST =
      Set.of("ReplicaSet", "ReplicationController", "CloneSet");

  private RemovalOrder() {}

  /**
   * @param set the target itself, if it is a StatefulSet
   * @param pods the target's: another kind may stand on a StatefulSet
   */
  static Removal of(ScaleTargetRef ref, Optional<StatefulSet> set, List<Pod> pods) {
    return switch (ref.group() + "/" + ref.kind()) {
      case "apps/Deployment", "apps/ReplicaSet" -> Removal.CHEAPEST_FIRST;
      case "apps/StatefulSet" -> byOrdinal(set);
      default -> {
        if (pods.stream().allMatch(controlled(CHEAPEST_FIRST::contains))) {
          yield Removal.CHEAPEST_FIRST;
        }
        yield pods.stream().allMatch(controlled("StatefulSet"::equals))
            ? Removal.HIGHEST_ORDINAL_FIRST
            : Removal.UNKNOWN;
      }
    };
  }

  private static Removal byOrdinal(Optional<StatefulSet> set) {
    return set.filter(each -> "Parallel".equals(each.getSpec().getPodManagementPolicy()))
            .isPresent()
        ? Removal.HIGHEST_ORDINALS_AT_ONCE
        : Removal.HIGHEST_ORDINAL_FIRST;
  }

  private static Predicate<Pod> controlled(Predicate<String> kind) {
    return pod ->
        Controllers.controller(pod.getMetadata())
            .map(OwnerReference::getKind)
            .filter(kind)
            .isPresent();
  }
}
