package dev.berth.operator.policy;

/** The keys of the annotations that make up the contract between operator, pods and people. */
public final class Annotations {
  /** On a pod: its connection limit, decimal. */
  public static final String LIMIT = "berth.dev/limit";

  /** On a pod: the generation of the policy that its limit comes from. */
  public static final String GENERATION = "berth.dev/generation";

  /** On a pod: {@code "true"} while it may leave its Service's rotation whenever it is full. */
  public static final String LEAVE_WHEN_FULL = "berth.dev/leave-when-full";

  /** On a pod: {@code "true"} while it is to drain. */
  public static final String DRAIN = "berth.dev/drain";

  /** On a pod: when it was told to drain, RFC 3339; only the operator writes it. */
  public static final String DRAIN_STARTED = "berth.dev/drain-started";

  /** On a pod: a ReplicaSet removes those with the lowest first. */
  public static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

  /** The deletion cost of a pod that the operator has chosen to be the first to go. */
  public static final String CHOSEN = Integer.toString(Integer.MIN_VALUE);

  /** On a policy: {@code "true"} while it is only to report. */
  public static final String PAUSED = "berth.dev/paused";

  private Annotations() {}
}
