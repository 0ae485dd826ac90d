package dev.berth.operator.observe;

import dev.berth.operator.policy.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods that bear an operator's annotations and that no policy governs any more. What a person wrote
 * by hand, a drain without {@link Annotations#DRAIN_STARTED} or a limit without {@link
 * Annotations#GENERATION}, is that person's.
 */
public final class MarkedPods {
  private static final Logger LOG = LoggerFactory.getLogger(MarkedPods.class);
  private static final List<String> LIMIT =
      List.of(Annotations.LIMIT, Annotations.GENERATION, Annotations.LEAVE_WHEN_FULL);
  private static final List<String> DRAIN = List.of(Annotations.DRAIN, Annotations.DRAIN_STARTED);

  private final Cluster cluster;
  private final Targets targets;

  public MarkedPods(Cluster cluster, Targets targets) {
    this.cluster = cluster;
    this.targets = targets;
  }

  /** A pod, and the operator's annotations that it bears. */
  public record Marked(String namespace, String name, String uid, Set<String> keys) {}

  /**
   * The pods. Of a namespace in which a policy's target can't be found out, or its pods can't be
   * told, none: any of its pods may be that policy's.
   */
  public List<Marked> ungoverned() {
    return cluster
        .marked()
        .filter(pod -> !PodSight.leaving(pod))
        .collect(Collectors.groupingBy(pod -> pod.getMetadata().getNamespace()))
        .entrySet()
        .stream()
        .flatMap(each -> ungoverned(each.getKey(), each.getValue()))
        .toList();
  }

  private Stream<Marked> ungoverned(String namespace, List<Pod> marked) {
    var governed = new HashSet<String>();
    try {
      for (Targets.Found found : targets(namespace)) {
        switch (found) {
          case Targets.Here(Target target) ->
              targets.pods(target).forEach(pod -> governed.add(pod.getMetadata().getUid()));
          case Targets.NotHere absent when absent.gone() -> {}
          case Targets.NotHere ignored -> {
            // The policy's status says why
            return Stream.empty();
          }
        }
      }
    } catch (RuntimeException failure) {
      // An API server that fails, or a selector that no one here understands
      LOG.warn("{}: pods left marked can't be told: {}", namespace, failure.toString());
      return Stream.empty();
    }
    return marked.stream()
        .filter(pod -> !governed.contains(pod.getMetadata().getUid()))
        .map(pod ->
            new Marked(
                namespace, pod.getMetadata().getName(), pod.getMetadata().getUid(), written(pod)));
  }

  private List<Targets.Found> targets(String namespace) {
    return cluster
        .policies(namespace)
        .filter(policy -> policy.getSpec() != null)
        .map(policy -> targets.find(namespace, policy.getSpec().scaleTargetRef()))
        .toList();
  }

  /** Whether an operator wrote any of the pod's annotations. */
  static boolean marked(Pod pod) {
    Map<String, String> annotations = annotations(pod);
    return annotations.containsKey(Annotations.DRAIN_STARTED)
        || annotations.containsKey(Annotations.GENERATION);
  }

  private static Set<String> written(Pod pod) {
    Map<String, String> annotations = annotations(pod);
    var keys = new HashSet<String>();
    if (annotations.containsKey(Annotations.GENERATION)) {
      keys.addAll(LIMIT);
    }
    if (annotations.containsKey(Annotations.DRAIN_STARTED)) {
      keys.addAll(drain(annotations));
    }
    return keys;
  }

  /** The annotations that the operator wrote to drain a pod, and to have it removed first. */
  private static Set<String> drain(Map<String, String> annotations) {
    var keys = new HashSet<>(DRAIN);
    if (chosen(annotations)) {
      keys.add(Annotations.DELETION_COST);
    }
    return keys;
  }

  /** The same of this pod. */
  public static Set<String> drain(Pod pod) {
    return drain(annotations(pod));
  }

  /** Whether the operator has this pod removed before others. */
  public static boolean first(Pod pod) {
    return chosen(annotations(pod));
  }

  /** Whether the deletion cost is the operator's, rather than a person's own. */
  static boolean chosen(Map<String, String> annotations) {
    return Annotations.CHOSEN.equals(annotations.get(Annotations.DELETION_COST));
  }

  private static Map<String, String> annotations(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
  }
}
