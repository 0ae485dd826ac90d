package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import dev.berth.operator.policy.Annotations;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Writes what a decision says on pods: their annotations, and nothing else of them.
 *
 * <p>Safe for any number of threads. A pod that is gone meanwhile is passed over.
 */
public final class PodMarks {
  private final KubernetesClient client;
  private final MergePatch patches;
  private final Cluster cluster;

  /** Writes with {@code patches}, and tells {@code cluster} what came of it. */
  public PodMarks(KubernetesClient client, MergePatch patches, Cluster cluster) {
    this.client = client;
    this.patches = patches;
    this.cluster = cluster;
  }

  /**
   * Tells the pod its limit, and whether it may leave rotation whenever it is full, in one write.
   */
  boolean tell(String namespace, String pod, Actions actions, long generation) {
    ObjectNode marks = JsonNodeFactory.instance.objectNode();
    if (actions.limits().containsKey(pod)) {
      marks
          .put(Annotations.LIMIT, actions.limits().get(pod).toString())
          .put(Annotations.GENERATION, Long.toString(generation));
    }
    if (actions.leave().contains(pod)) {
      marks.put(Annotations.LEAVE_WHEN_FULL, "true");
    }
    if (actions.stay().contains(pod)) {
      marks.putNull(Annotations.LEAVE_WHEN_FULL);
    }
    return patch(namespace, pod, marks);
  }

  boolean drain(String namespace, String pod, Instant now) {
    return patch(
        namespace,
        pod,
        JsonNodeFactory.instance
            .objectNode()
            .put(Annotations.DRAIN, "true")
            .put(Annotations.DRAIN_STARTED, now.truncatedTo(ChronoUnit.MILLIS).toString()));
  }

  /** Takes annotations away: the pod keeps the limit it has, and serves. Whether it was there. */
  public boolean clear(String namespace, String pod, Set<String> keys) {
    ObjectNode nulls = JsonNodeFactory.instance.objectNode();
    keys.forEach(nulls::putNull);
    return patch(namespace, pod, nulls);
  }

  /** Lets the pod serve again; a deletion cost of somebody else stays. Whether it was there. */
  boolean undrain(String namespace, String pod) {
    return cluster
        .pod(namespace, pod)
        .map(there -> clear(namespace, pod, MarkedPods.drain(there)))
        .orElse(false);
  }

  /** Makes the pod the first that its ReplicaSet removes. Whether it was there. */
  boolean first(String namespace, String pod) {
    return patch(
        namespace,
        pod,
        JsonNodeFactory.instance.objectNode().put(Annotations.DELETION_COST, Annotations.CHOSEN));
  }

  private boolean patch(String namespace, String pod, ObjectNode annotations) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("annotations", annotations);
    Optional<ObjectMeta> written =
        patches
            .send("api/v1/namespaces/%s/pods/%s".formatted(namespace, pod), patch)
            .map(text ->
                client
                    .getKubernetesSerialization()
                    .unmarshal(text, GenericKubernetesResource.class)
                    .getMetadata());
    written.ifPresent(cluster::wrote);
    return written.isPresent();
  }
}
