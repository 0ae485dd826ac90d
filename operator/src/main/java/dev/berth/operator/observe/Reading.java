package dev.berth.operator.observe;

import dev.berth.operator.decide.Pod;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a pod told of itself.
 *
 * @param active open connections, in any state
 * @param idle those of them that wait for a request; 0 where the pod doesn't tell
 * @param waiting clients in its queue, which hold no permit
 * @param limit the connection limit in force; absent where the pod doesn't tell
 * @param draining whether it says that it drains
 * @param rejected connections refused for want of a permit since its start: at the limit, or after
 *     waiting in the queue; those refused by draining or a client's own bound are no demand
 * @param workingSet bytes; 0 where the pod doesn't tell
 * @param live bytes that its process needs now; absent where the pod doesn't tell
 * @param code those of them that are classes and compiled code; 0 where the pod doesn't tell
 * @param memoryLimit bytes that its container may use; absent where the pod doesn't tell
 */
public record Reading(
    int active,
    int idle,
    int waiting,
    OptionalInt limit,
    boolean draining,
    double rejected,
    long workingSet,
    OptionalLong live,
    long code,
    OptionalLong memoryLimit) {

  /** This reading in the terms of a decision. */
  public Pod.Observed observed() {
    return new Pod.Observed(
        active, Math.min(idle, active), waiting, limit, draining, rejected, workingSet, live, code);
  }
}
