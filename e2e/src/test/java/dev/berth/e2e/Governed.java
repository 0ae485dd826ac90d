package dev.berth.e2e;

import static dev.berth.e2e.Policies.LIMIT;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.cluster.Workload.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a policy makes of its workload. */
final class Governed {
  private Governed() {}

  /**
   * Waits until {@value Policies#LIMIT} is the limit in force in every pod, of which there are
   * some.
   */
  static void awaitLimit(Workload workload, Duration within) {
    await()
        .atMost(within)
        .until(() -> {
          List<Pod> pods = workload.pods();
          return !pods.isEmpty()
              && pods.stream()
                  .allMatch(
                      pod -> workload.metric(pod, "berth_connection_limit").orElse(0) == LIMIT);
        });
  }

  /** Waits until the policy has the condition with this status, and gives it. */
  static Condition awaitCondition(Workload workload, String type, String status) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> workload.condition(type),
            condition -> condition.map(Condition::status).equals(Optional.of(status)))
        .orElseThrow();
  }

  /** Its one replica stays the only one, and no pod is marked. */
  static void assertLeftAlone(Workload workload) {
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> workload.replicas() == 1 && workload.marks().isEmpty());
  }
}
