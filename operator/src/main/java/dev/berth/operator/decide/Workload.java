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
 * @param conflict who else scales it; absent when nobody does
 * @param paused who holds the policy still, in words; absent when it is free to act
 */
public record Workload(
    int replicas,
    boolean rolling,
    Removal removal,
    OptionalInt disruptionsAllowed,
    Optional<Conflict> conflict,
    Optional<String> paused) {

  /**
   * Somebody else who governs the workload.
   *
   * @param sentence who, in words
   * @param drains whether pods that drain may be theirs: another policy's
   */
  public record Conflict(String sentence, boolean drains) {}

  /** Which pods the workload's own controller takes away first. */
  public enum Removal {
    /** Those with the lowest {@code controller.kubernetes.io/pod-deletion-cost}: ReplicaSets. */
    CHEAPEST_FIRST,
    /**
     * The one with the highest ordinal in its name, and the next when that has gone: StatefulSets.
     * Of several that aren't ready it would take none.
     */
    HIGHEST_ORDINAL_FIRST,
    /**
     * Those with the highest ordinals, at once: StatefulSets that start and end pods in parallel.
     */
    HIGHEST_ORDINALS_AT_ONCE,
    /** Those that it likes, as far as is known, drained or not: pods of other kinds. */
    UNKNOWN;

    boolean byOrdinal() {
      return this == HIGHEST_ORDINAL_FIRST || this == HIGHEST_ORDINALS_AT_ONCE;
    }

    /** How many of so many pods may be drained together. */
    int together(int pods) {
      return this == HIGHEST_ORDINAL_FIRST ? Math.min(1, pods) : pods;
    }
  }
}
