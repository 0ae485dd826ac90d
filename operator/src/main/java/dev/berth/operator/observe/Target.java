package dev.berth.operator.observe;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * The workload that a policy names, as the API server last told it.
 *
 * @param namespace its own and its policy's
 * @param ref its kind and name
 * @param kind how the API server names its kind
 * @param uid tells it from another of that name
 * @param replicas the pods it is told to have
 * @param rolling whether its controller is still making pods what they are to be
 * @param selector which labels its pods have
 */
public record Target(
    String namespace,
    ScaleTargetRef ref,
    ResourceDefinitionContext kind,
    String uid,
    int replicas,
    boolean rolling,
    Selector selector) {

  /** Whether its kind is one of those that are watched: a Deployment, StatefulSet or ReplicaSet. */
  boolean watched() {
    return ref.group().equals("apps");
  }
}
