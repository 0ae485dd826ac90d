package dev.berth.operator.observe;

import dev.berth.operator.policy.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pods that an operator told to drain and that no policy governs any more. Those that a person
 * marked by hand, without {@link Annotations#DRAIN_STARTED}, are that person's.
 */
public final class DrainedPods {
  private final Cluster cluster;
  private final Targets targets;

  public DrainedPods(Cluster cluster, Targets targets) {
    this.cluster = cluster;
    this.targets = targets;
  }

  /** A pod's name. */
  public record Name(String namespace, String name) {}

  /**
   * The pods.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server can't be asked
   *     for a policy's target
   */
  public List<Name> ungoverned() {
    return cluster
        .drained()
        .filter(pod -> !PodSight.leaving(pod) && !governed(pod))
        .map(pod -> new Name(pod.getMetadata().getNamespace(), pod.getMetadata().getName()))
        .toList();
  }

  private boolean governed(Pod pod) {
    Map<String, String> labels =
        Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    String namespace = pod.getMetadata().getNamespace();
    return cluster
        .policies(namespace)
        .filter(policy -> policy.getSpec() != null)
        .map(policy -> targets.find(namespace, policy.getSpec().scaleTargetRef()))
        .anyMatch(found ->
            found instanceof Targets.Here(Target target) && target.selector().matches(labels));
  }
}
