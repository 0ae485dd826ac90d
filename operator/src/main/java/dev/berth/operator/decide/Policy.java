package dev.berth.operator.decide;

import java.time.Duration;
import java.util.Optional;

/**
 * What the user wants, with every default filled in and every bound checked.
 *
 * @param generation the generation of the resource it stands in, 0 outside a cluster
 * @param minReplicas the fewest pods, at least 1
 * @param maxReplicas the most pods, at least {@code minReplicas}
 * @param mode how much of a decision may be carried out
 * @param connections the bounds of one pod's limit, and when to scale
 * @param memory how much of a container's memory connections may use
 * @param behavior how fast replicas may move, as HorizontalPodAutoscaler v2 defines it
 * @param drainTimeout how long a pod chosen for removal may finish its connections
 * @param fallback what to do while pods can't be observed
 */
public record Policy(
    long generation,
    int minReplicas,
    int maxReplicas,
    UpdateMode mode,
    Connections connections,
    Memory memory,
    Behavior behavior,
    Duration drainTimeout,
    Fallback fallback) {

  public Policy {
    Check.that(minReplicas >= 1, "spec.minReplicas is %d; it must be at least 1", minReplicas);
    Check.that(
        minReplicas <= maxReplicas,
        "spec.minReplicas is %d and spec.maxReplicas is %d; minReplicas must not exceed maxReplicas",
        minReplicas,
        maxReplicas);
    Check.that(
        !drainTimeout.isNegative(),
        "spec.drain.timeoutSeconds is %d; it must not be negative",
        drainTimeout.toSeconds());
  }

  /** How much of a decision may be carried out. */
  public enum UpdateMode {
    /** Nothing: decisions are only reported. */
    OFF,
    /** Pods' limits, but not the number of pods. */
    LIMITS_ONLY,
    /** Limits and replicas. */
    AUTO
  }

  /**
   * The bounds of one pod's connection limit, and the use of it that replicas are sized for.
   *
   * @param minLimit connections
   * @param maxLimit connections
   * @param targetUtilization percent of the limit that replicas are sized for
   * @param panicUtilization percent of the limit at which windows are skipped
   * @param maxSkew how many times the mean of all pods one pod may hold before it sheds
   * @param whenFull whether a full pod leaves its Service's rotation
   */
  public record Connections(
      int minLimit,
      int maxLimit,
      int targetUtilization,
      int panicUtilization,
      double maxSkew,
      WhenFull whenFull) {
    /** What {@code maxSkew} may be. */
    public static final double LEAST_SKEW = 1.1;

    public static final double MOST_SKEW = 1000;

    /** What a pod does that is full while others have room. */
    public enum WhenFull {
      /** It isn't ready meanwhile, so that new connections go to the others. */
      LEAVE_ROTATION,
      /** It refuses its part of the new connections. */
      STAY_IN_ROTATION
    }

    /** Full pods leave rotation. */
    public Connections(
        int minLimit, int maxLimit, int targetUtilization, int panicUtilization, double maxSkew) {
      this(
          minLimit,
          maxLimit,
          targetUtilization,
          panicUtilization,
          maxSkew,
          WhenFull.LEAVE_ROTATION);
    }

    public Connections {
      Check.that(
          maxSkew >= LEAST_SKEW && maxSkew <= MOST_SKEW,
          "spec.connections.maxSkew is %s; it must be %s to %.0f",
          maxSkew,
          LEAST_SKEW,
          MOST_SKEW);
      Check.that(minLimit >= 1, "spec.connections.minLimit is %d; it must be at least 1", minLimit);
      Check.that(
          minLimit <= maxLimit,
          "spec.connections.minLimit is %d and maxLimit is %d; minLimit must not exceed maxLimit",
          minLimit,
          maxLimit);
      Check.percent("spec.connections.targetUtilization", targetUtilization);
      Check.percent("spec.connections.panicUtilization", panicUtilization);
      Check.that(
          targetUtilization <= panicUtilization,
          "spec.connections.targetUtilization is %d and panicUtilization is %d; the target must not"
              + " exceed panicUtilization",
          targetUtilization,
          panicUtilization);
    }
  }

  /**
   * How much of a container's memory limit connections may use.
   *
   * @param targetUtilization percent that a full pod may use
   * @param pressureUtilization percent at which a pod's limit is cut at once
   */
  public record Memory(int targetUtilization, int pressureUtilization) {
    public Memory {
      Check.percent("spec.memory.targetUtilization", targetUtilization);
      Check.percent("spec.memory.pressureUtilization", pressureUtilization);
      Check.that(
          targetUtilization < pressureUtilization,
          "spec.memory.targetUtilization is %d and pressureUtilization is %d; the target must be"
              + " below pressureUtilization",
          targetUtilization,
          pressureUtilization);
    }
  }

  /**
   * What to do while pods can't be observed.
   *
   * @param failureThreshold rounds in a row without any pod observed before it applies
   * @param replicas the number of pods to have at least meanwhile; absent: hold everything
   */
  public record Fallback(int failureThreshold, Optional<Integer> replicas) {
    public Fallback {
      Check.that(
          failureThreshold >= 1,
          "spec.fallback.failureThreshold is %d; it must be at least 1",
          failureThreshold);
      Check.that(
          replicas.orElse(0) >= 0,
          "spec.fallback.replicas is %d; it must not be negative",
          replicas.orElse(0));
    }
  }
}
