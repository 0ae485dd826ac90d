package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.operator.policy.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * What is written on one pod, in one call: its annotations, and nothing else of it. It carries the
 * pod's uid, so that the API server refuses it for another pod of that name. Belongs to one thread
 * until it is sent.
 */
final class PodPatch {
  private final String uid;
  private final ObjectNode annotations = JsonNodeFactory.instance.objectNode();

  /** For the pod with this uid. */
  PodPatch(String uid) {
    this.uid = uid;
  }

  /** The pod's connection limit, and the generation of the policy that it comes from. */
  PodPatch limit(int limit, long generation) {
    annotations
        .put(Annotations.LIMIT, Integer.toString(limit))
        .put(Annotations.GENERATION, Long.toString(generation));
    return this;
  }

  /** Lets the pod leave rotation whenever it is full, or no more. */
  PodPatch leaveWhenFull(boolean may) {
    return may
        ? with(Annotations.LEAVE_WHEN_FULL, "true")
        : without(Set.of(Annotations.LEAVE_WHEN_FULL));
  }

  PodPatch drain(Instant now) {
    return with(Annotations.DRAIN, "true")
        .with(Annotations.DRAIN_STARTED, now.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /** Makes the pod the first that its ReplicaSet removes. */
  PodPatch first() {
    return with(Annotations.DELETION_COST, Annotations.CHOSEN);
  }

  /** Takes annotations away. */
  PodPatch without(Set<String> keys) {
    keys.forEach(annotations::putNull);
    return this;
  }

  private PodPatch with(String key, String value) {
    annotations.put(key, value);
    return this;
  }

  /** Whether it is for this pod, and no other of its name. */
  boolean isFor(Pod pod) {
    return uid.equals(pod.getMetadata().getUid());
  }

  /** Whether it would change nothing. */
  boolean isEmpty() {
    return annotations.isEmpty();
  }

  /** The merge patch. */
  JsonNode json() {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("uid", uid).set("annotations", annotations);
    return patch;
  }
}
