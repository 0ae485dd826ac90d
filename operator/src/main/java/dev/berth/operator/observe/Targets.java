package dev.berth.operator.observe;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * Finds the workloads that policies name: Deployments, StatefulSets and ReplicaSets in what the
 * watches keep, any other kind by its scale subresource.
 *
 * <p>Safe for any number of threads.
 */
public final class Targets {
  private final Cluster cluster;
  private final Controllers controllers;
  private final Kinds kinds;
  private final ConcurrentMap<String, Scale> scaled = new ConcurrentHashMap<>();
  // workloads of kinds that aren't watched, as last asked of the API server
  private final ConcurrentMap<String, Found> asked = new ConcurrentHashMap<>();

  public Targets(Cluster cluster) {
    this.cluster = cluster;
    this.controllers = new Controllers(cluster);
    this.kinds = new Kinds(cluster.client());
  }

  /** What came of looking for a workload. */
  public sealed interface Found permits Here, NotHere {}

  /** The workload is there. */
  public record Here(Target target) implements Found {}

  /**
   * The workload can't be governed.
   *
   * @param reason one word in CamelCase
   * @param sentence why, for people
   */
  public record NotHere(String reason, String sentence) implements Found {
    private static final String GONE = "TargetNotFound";

    /** Whether it is known that there is none, and so no pod of it. */
    boolean gone() {
      return reason.equals(GONE);
    }
  }

  /**
   * Looks for a workload.
   *
   * @throws KubernetesClientException if the API server can't be asked
   */
  public Found find(String namespace, ScaleTargetRef ref) {
    if (cluster.watches(ref)) {
      return found(
          namespace,
          ref,
          cluster.workload(namespace, ref).map(each -> target(namespace, ref, each)));
    }
    Found found = byScale(namespace, ref);
    asked.put(key(namespace, ref), found);
    return found;
  }

  /**
   * Takes note of a scale as the API server returned it from a write, ahead of the watch; of a kind
   * that isn't watched it is asked each time.
   */
  public void wrote(Target target, Scale scale) {
    if (target.watched()) {
      scaled.put(target.uid(), scale);
    }
  }

  /** How many workloads are known from own writes, ahead of the watch. */
  int ahead() {
    return scaled.size();
  }

  /**
   * The pods of a target: of those that it selects the ones that it controls. A kind that isn't
   * watched may control none in a way that can be followed: then all that it selects.
   */
  List<Pod> pods(Target target) {
    List<Pod> selected = cluster.pods(target.namespace(), target.selector()).toList();
    List<Pod> controlled = controllers.controlled(target.namespace(), target.ref(), selected);
    return controlled.isEmpty() && !target.watched() ? selected : controlled;
  }

  /**
   * Whether a workload of a kind that isn't watched has any of these pods. That is of when its own
   * policy last looked, a second ago: not each policy asks the API server for those of all others.
   *
   * @throws KubernetesClientException if nobody has looked yet, and the API server can't be asked
   */
  boolean selects(String namespace, ScaleTargetRef ref, List<Pod> pods) {
    Found found =
        Optional.ofNullable(asked.get(key(namespace, ref))).orElseGet(() -> find(namespace, ref));
    if (!(found instanceof Here(Target target)) || target.watched()) {
      return false;
    }
    Set<String> its =
        pods(target).stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    return pods.stream().anyMatch(pod -> its.contains(pod.getMetadata().getUid()));
  }

  private static String key(String namespace, ScaleTargetRef ref) {
    return "%s/%s/%s".formatted(namespace, ref.group(), ref);
  }

  private static Found found(String namespace, ScaleTargetRef ref, Optional<Target> target) {
    return target
        .<Found>map(Here::new)
        .orElseGet(() ->
            new NotHere(NotHere.GONE, "there is no %s in namespace %s".formatted(ref, namespace)));
  }

  private Target target(String namespace, ScaleTargetRef ref, HasMetadata workload) {
    return switch (workload) {
      case Deployment each ->
          target(
              namespace,
              ref,
              each,
              each.getSpec().getReplicas(),
              Rollout.of(each),
              each.getSpec().getSelector());
      case StatefulSet each ->
          target(
              namespace,
              ref,
              each,
              each.getSpec().getReplicas(),
              Rollout.of(each),
              each.getSpec().getSelector());
      case ReplicaSet each ->
          target(
              namespace,
              ref,
              each,
              each.getSpec().getReplicas(),
              Rollout.of(each),
              each.getSpec().getSelector());
      default -> throw new IllegalArgumentException("no workload is a " + workload.getKind());
    };
  }

  private Target target(
      String namespace,
      ScaleTargetRef ref,
      HasMetadata workload,
      int replicas,
      boolean rolling,
      LabelSelector selector) {
    String uid = workload.getMetadata().getUid();
    Optional<Scale> ahead =
        Optional.ofNullable(scaled.get(uid))
            .filter(own -> Watched.newer(own.getMetadata().getResourceVersion(), workload));
    if (ahead.isEmpty()) {
      scaled.remove(uid);
    }
    return new Target(
        namespace,
        ref,
        Kinds.apps(ref.kind()),
        uid,
        ahead.map(own -> own.getSpec().getReplicas()).orElse(replicas),
        rolling || ahead.isPresent(),
        Selector.of(selector));
  }

  private Found byScale(String namespace, ScaleTargetRef ref) {
    Optional<ResourceDefinitionContext> kind = kinds.find(ref);
    if (kind.isEmpty()) {
      return unknown(ref);
    }
    try {
      return cluster
          .scale(kind.get(), namespace, ref.name())
          .map(scale -> byScale(namespace, ref, kind.get(), scale))
          .orElseGet(() -> found(namespace, ref, Optional.empty()));
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return new NotHere(
            "TargetForbidden",
            "the operator may not read the scale of %s: %s".formatted(ref, refused.getMessage()));
      }
      if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return unknown(ref);
      }
      throw refused;
    }
  }

  private static NotHere unknown(ScaleTargetRef ref) {
    return new NotHere(
        "UnknownKind",
        "the API server has no namespaced kind %s with a scale subresource in %s"
            .formatted(ref.kind(), ref.apiVersion()));
  }

  private static Found byScale(
      String namespace, ScaleTargetRef ref, ResourceDefinitionContext kind, Scale scale) {
    String selector =
        Optional.ofNullable(scale.getStatus()).map(each -> each.getSelector()).orElse("");
    if (selector.isBlank()) {
      return new NotHere(
          "NoSelector",
          "the scale of %s names no selector, so its pods can't be told".formatted(ref));
    }
    int wanted = Optional.ofNullable(scale.getSpec().getReplicas()).orElse(0);
    return new Here(
        new Target(
            namespace,
            ref,
            kind,
            scale.getMetadata().getUid(),
            wanted,
            scale.getStatus().getReplicas() != wanted,
            Selector.parse(selector)));
  }
}
