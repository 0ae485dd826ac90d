package dev.berth.operator.decide;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The workload that a policy governs.
 *
 * @param replicas the pods it is told to have
 * @param rolling whether a rollout is in progress, or the pods don't match the replicas yet
 * @param removal which pods go first when replicas fall
 * @param disruptionsAllowed how many pods its PodDisruptionBudgets let go now; absent without one
 * @param conflict who else scales it, in words; absent when nobody does
 * @param paused who holds the policy still, in words; absent when it is free to act
 */
public record Workload(
    int replicas,
    boolean rolling,
    Removal removal,
    OptionalInt disruptionsAllowed,
    Optional<String> conflict,
    Optional<String> paused) {

  /** Which pods the workload's own controller takes away first. */
  public enum Removal {
    /** Those with the lowest {@code controller.kubernetes.io/pod-deletion-cost}: ReplicaSets. */
    CHEAPEST_FIRST,
    /** Those with the highest ordinal in their name: StatefulSets. */
    HIGHEST_ORDINAL_FIRST
  }
}
