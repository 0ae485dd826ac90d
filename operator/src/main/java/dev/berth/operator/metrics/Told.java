package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision.PodReport;
import dev.berth.operator.decide.Decision.PodReport.Phase;
import dev.berth.operator.decide.Decision.Report;
import java.util.EnumMap;
import java.util.Map;

/**
 * What metrics tell of a policy's last round. Of its pods only how many there are: it is kept until
 * the next round, of each policy.
 *
 * @param report without its pods
 * @param pods by their phase; none where there is none
 */
record Told(Report report, Map<Phase, Integer> pods) {
  static Told of(Report report) {
    var pods = new EnumMap<Phase, Integer>(Phase.class);
    for (PodReport pod : report.pods()) {
      pods.merge(pod.phase(), 1, Integer::sum);
    }
    return new Told(report.withoutPods(), pods);
  }

  int pods(Phase phase) {
    return pods.getOrDefault(phase, 0);
  }
}
