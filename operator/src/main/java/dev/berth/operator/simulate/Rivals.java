package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;
import java.util.OptionalInt;

/**
 * What the other autoscalers are told by a careful person.
 *
 * @param memoryPercent the memory that HorizontalPodAutoscaler aims at, of a pod's request
 * @param averageConnections the average of a pod's connections that KEDA aims at
 * @param fixedLimit a server's limit where one is set by hand
 */
public record Rivals(int memoryPercent, int averageConnections, int fixedLimit) {
  private static final int MEMORY_PERCENT = 70;

  /**
   * Told by somebody who knows what a connection costs when the trace begins, and wants the same
   * room as the policy: the limit is what {@code memory.targetUtilization} leaves, and KEDA aims at
   * {@code connections.targetUtilization} of it.
   *
   * @param fixedLimit another limit; absent: that one
   */
  public static Rivals of(Policy policy, Trace trace, Setting setting, OptionalInt fixedLimit) {
    double cost = trace.rows().getFirst().load().cost();
    double room = policy.memory().targetUtilization() / 100.0 * setting.memory() - setting.base();
    int limit = fixedLimit.orElse((int) Math.max(1, room / cost));
    int average = Math.max(1, limit * policy.connections().targetUtilization() / 100);
    return new Rivals(MEMORY_PERCENT, average, limit);
  }
}
