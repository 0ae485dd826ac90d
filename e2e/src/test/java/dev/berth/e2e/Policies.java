package dev.berth.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Specs for tests: small limits and short windows, so that a wave takes seconds. */
final class Policies {
  /** A pod's limit under {@link #quick}. */
  static final int LIMIT = 60;

  private Policies() {}

  /** At most {@value #LIMIT} connections a pod, for which 42 are the target; windows of seconds. */
  static Map<String, Object> quick(int minReplicas, int maxReplicas) {
    var spec = new HashMap<String, Object>();
    spec.put("minReplicas", minReplicas);
    spec.put("maxReplicas", maxReplicas);
    spec.put("connections", Map.of("minLimit", 10, "maxLimit", LIMIT, "targetUtilization", 70));
    spec.put(
        "behavior",
        Map.of(
            "scaleDown",
            Map.of(
                "stabilizationWindowSeconds",
                5,
                "policies",
                List.of(Map.of("type", "Pods", "value", 10, "periodSeconds", 5)))));
    spec.put("drain", Map.of("timeoutSeconds", 60));
    return spec;
  }
}
