package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;

/**
 * What the simulated pods and clients are like.
 *
 * @param memory a container's memory limit, in bytes
 * @param base what a pod uses without connections, in bytes
 * @param noise how far what connections use of memory strays, as a part of it (one standard
 *     deviation)
 * @param sticky the part of what connections used at most that stays committed when they have gone
 * @param startTicks from a pod's creation until it is ready
 * @param retryTicks after which a client comes back that was refused, or whose connection ended
 * @param askTicks from one request of a busy connection to its next
 * @param replicas pods to begin with
 * @param seed of all that is left to chance
 */
public record Setting(
    long memory,
    long base,
    double noise,
    double sticky,
    int startTicks,
    int retryTicks,
    int askTicks,
    int replicas,
    long seed) {
  /** A tick is a tenth of a second: how often the server looks at what it has to end. */
  public static final int TICKS_PER_SECOND = 10;

  /** Which kind of server the pods run. */
  sealed interface Server permits Server.Unbounded, Server.Bounded {
    /** Takes every connection, and ends them all at once when told to stop. */
    record Unbounded() implements Server {}

    /**
     * Berth's: takes no more than its limit, and drains.
     *
     * @param limit what it begins with
     */
    record Bounded(int limit) implements Server {}
  }

  /** The limit that Berth's server derives from its own memory until it is told another. */
  int derivedLimit() {
    return (int) Math.max(1, (memory / 100.0 * 75 - base) / (64 << 10));
  }

  /** The same with as many pods to begin with as the first row of a trace needs. */
  public Setting placedFor(Trace trace, Policy policy) {
    var first = trace.rows().getFirst().load();
    double target =
        policy.connections().targetUtilization()
            / 100.0
            * Math.min(derivedLimit(), Math.max(1, fill(first.cost())));
    int needed = (int) Math.ceil(first.connections() / target);
    return new Setting(
        memory,
        base,
        noise,
        sticky,
        startTicks,
        retryTicks,
        askTicks,
        Math.clamp(needed, policy.minReplicas(), policy.maxReplicas()),
        seed);
  }

  /** The connections of so many bytes that fill a pod. */
  int fill(double cost) {
    return (int) ((memory - base) / cost);
  }
}
