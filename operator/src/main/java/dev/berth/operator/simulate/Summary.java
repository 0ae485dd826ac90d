package dev.berth.operator.simulate;

/**
 * A whole run in a few figures.
 *
 * @param served the part of the wanted connection-seconds that clients had
 * @param refused attempts that got a 503
 * @param unreachable attempts that found no pod to connect to
 * @param graceful connections that the server ended as it should
 * @param brokenByScaleIn connections that the end of a pod broke, which the governor wanted
 * @param brokenByKill connections that a kill for memory broke
 * @param lostByTrace connections lost with pods that the trace killed
 * @param kills containers killed for memory
 * @param podHours of all pods, starting and ending ones included
 * @param turns how often the number of replicas turned from rising to falling or back
 * @param mostPods the most replicas
 */
public record Summary(
    double served,
    long refused,
    long unreachable,
    long graceful,
    long brokenByScaleIn,
    long brokenByKill,
    long lostByTrace,
    int kills,
    double podHours,
    int turns,
    int mostPods) {
  /** Attempts that gave no connection. */
  public long unserved() {
    return refused + unreachable;
  }

  /** Connections that ended without notice, for which the governor is to blame. */
  public long broken() {
    return brokenByScaleIn + brokenByKill;
  }
}
