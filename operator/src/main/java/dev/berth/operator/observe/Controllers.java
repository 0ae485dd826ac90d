package dev.berth.operator.observe;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  /**
   * Those of pods of one namespace. Pods of one template name the same controller, so that it is
   * followed once for all of them.
   */
  Set<ScaleTargetRef> of(String namespace, Collection<Pod> pods) {
    return pods.stream()
        .map(Controllers::named)
        .distinct()
        .flatMap(first -> chain(namespace, first))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Of pods of one namespace those that the workload controls, itself or by others. */
  List<Pod> controlled(String namespace, ScaleTargetRef workload, List<Pod> pods) {
    var known = new HashMap<Optional<ScaleTargetRef>, Boolean>();
    return pods.stream()
        .filter(pod ->
            known.computeIfAbsent(
                named(pod), first -> chain(namespace, first).anyMatch(workload::same)))
        .toList();
  }

  private Stream<ScaleTargetRef> chain(String namespace, Optional<ScaleTargetRef> first) {
    return Stream.iterate(
            first,
            Optional::isPresent,
            each ->
                each.flatMap(ref -> cluster.workload(namespace, ref)).flatMap(Controllers::named))
        .limit(MOST)
        .flatMap(Optional::stream);
  }

  private static Optional<ScaleTargetRef> named(HasMetadata object) {
    return controller(object.getMetadata())
        .map(owner -> new ScaleTargetRef(owner.getApiVersion(), owner.getKind(), owner.getName()));
  }

  /** The controller that an object names. */
  static Optional<OwnerReference> controller(ObjectMeta object) {
    return object.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }
}
