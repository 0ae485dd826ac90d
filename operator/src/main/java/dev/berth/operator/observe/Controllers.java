package dev.berth.operator.observe;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The workloads that pods belong to: the controller that a pod names, the one that this names, and
 * so on, as far as the watches tell.
 *
 * <p>Safe for any number of threads.
 */
final class Controllers {
  // A Deployment's pods have two, those of a kind that stands on it three; owners may name each
  // other
  private static final int MOST = 4;

  private final Cluster cluster;

  Controllers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Those of a pod, the nearest first. */
  List<ScaleTargetRef> of(HasMetadata pod) {
    String namespace = pod.getMetadata().getNamespace();
    return Stream.iterate(
            named(pod),
            Optional::isPresent,
            each ->
                each.flatMap(ref -> cluster.workload(namespace, ref)).flatMap(Controllers::named))
        .limit(MOST)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<ScaleTargetRef> named(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .map(owner -> new ScaleTargetRef(owner.getApiVersion(), owner.getKind(), owner.getName()))
        .findFirst();
  }
}
