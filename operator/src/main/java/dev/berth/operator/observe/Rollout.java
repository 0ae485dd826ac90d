package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a workload's controller is still making its pods what they are to be: their number, or
 * their template. Pods that aren't ready don't count: a draining one isn't, on purpose.
 */
final class Rollout {
  private Rollout() {}

  static boolean of(Deployment workload) {
    var status = workload.getStatus();
    return status == null
        || unseen(workload, status.getObservedGeneration())
        || or0(status.getReplicas()) != or0(workload.getSpec().getReplicas())
        || or0(status.getUpdatedReplicas()) != or0(status.getReplicas());
  }

  static boolean of(StatefulSet workload) {
    var status = workload.getStatus();
    return status == null
        || unseen(workload, status.getObservedGeneration())
        || or0(status.getReplicas()) != or0(workload.getSpec().getReplicas())
        || (replacing(workload)
            && or0(status.getUpdatedReplicas()) != or0(status.getReplicas())
            && !Objects.equals(status.getCurrentRevision(), status.getUpdateRevision()));
  }

  static boolean of(ReplicaSet workload) {
    var status = workload.getStatus();
    return status == null
        || unseen(workload, status.getObservedGeneration())
        || or0(status.getReplicas()) != or0(workload.getSpec().getReplicas());
  }

  /**
   * Whether the pods of another kind, whose status isn't known, are of more than one template. What
   * replaces them may take any of them, drained or not.
   */
  static boolean among(Target target, List<Pod> pods) {
    return !target.watched() && pods.stream().map(PodSight::template).distinct().count() > 1;
  }

  /** Whether a StatefulSet replaces every pod of an older template by itself. */
  private static boolean replacing(StatefulSet workload) {
    var strategy = workload.getSpec().getUpdateStrategy();
    return strategy == null
        || (!"OnDelete".equals(strategy.getType())
            && Optional.ofNullable(strategy.getRollingUpdate())
                    .map(rolling -> or0(rolling.getPartition()))
                    .orElse(0)
                == 0);
  }

  private static boolean unseen(HasMetadata workload, @Nullable Long observed) {
    return observed == null || observed < workload.getMetadata().getGeneration();
  }

  private static int or0(@Nullable Integer figure) {
    return figure == null ? 0 : figure;
  }
}
