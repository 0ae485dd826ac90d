package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.PodReport;
import dev.berth.operator.decide.Decision.PodReport.Phase;
import dev.berth.operator.decide.Decision.Report;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What metrics tell of a policy's last round. Of its pods only how many there are: it is kept until
 * the next round, of each policy.
 *
 * @param conditions the state of each condition that there is
 * @param figures absent where nothing could be decided
 */
record Told(Map<Condition.Type, Condition.State> conditions, Optional<Figures> figures) {
  Told {
    conditions = Map.copyOf(conditions);
  }

  /**
   * The figures of a decision.
   *
   * @param report without its pods
   * @param pods by their phase; none where there is none
   */
  record Figures(Report report, Map<Phase, Integer> pods) {
    int pods(Phase phase) {
      return pods.getOrDefault(phase, 0);
    }
  }

  static Told of(Report report) {
    var pods = new EnumMap<Phase, Integer>(Phase.class);
    for (PodReport pod : report.pods()) {
      pods.merge(pod.phase(), 1, Integer::sum);
    }
    return new Told(
        report.conditions().stream()
            .collect(Collectors.toMap(Condition::type, Condition::state, (first, same) -> first)),
        Optional.of(new Figures(report.withoutPods(), pods)));
  }

  boolean holds(Condition.Type type, Condition.State state) {
    return conditions.get(type) == state;
  }
}
