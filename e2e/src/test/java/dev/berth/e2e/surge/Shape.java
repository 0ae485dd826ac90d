package dev.berth.e2e.surge;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How connections come and go: from none to {@code peak} within {@code rise}, held, and down to
 * {@code rest} within {@code fall}.
 *
 * @param maxReplicas the most pods that may serve them
 * @param calm how long fewer pods are to do before there are fewer
 * @param fewest the pods that are left then; those of the whole surge would be one fewer after
 *     another such window, for memory that was in use when it began counted too
 */
record Shape(
    int peak,
    Duration rise,
    Duration hold,
    int rest,
    Duration fall,
    int maxReplicas,
    Duration calm,
    int fewest) {
  static final int MEBIBYTES = 128;
  static final int PINNED = 65_536;
  static final int TARGET = 70;

  /** The whole surge, under HorizontalPodAutoscaler's default behaviour. */
  static final Shape WHOLE =
      new Shape(
          3_000,
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          300,
          Duration.ofSeconds(10),
          10,
          Duration.ofSeconds(300),
          2);

  /** A third of it, which rises as fast and falls to fewer pods at once. */
  static final Shape SHORT =
      new Shape(
          1_000,
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          100,
          Duration.ofSeconds(5),
          4,
          Duration.ofSeconds(10),
          1);

  /** Whether the property {@code whole} says which of them it is to be, true or false. */
  static boolean isAskedFor() {
    return System.getProperty("whole") != null;
  }

  /** {@link #WHOLE} if the property {@code whole} is true, else {@link #SHORT}. */
  static Shape asked() {
    return Boolean.getBoolean("whole") ? WHOLE : SHORT;
  }

  /** What the policy says beside the sample's. */
  Map<String, Object> policy() {
    var spec = new HashMap<String, Object>();
    spec.put("minReplicas", 1);
    spec.put("maxReplicas", maxReplicas);
    spec.put("connections", Map.of("targetUtilization", TARGET));
    if (!equals(WHOLE)) {
      var all = Map.of("type", "Percent", "value", 100, "periodSeconds", 5);
      spec.put(
          "behavior",
          Map.of(
              "scaleDown",
              Map.of("stabilizationWindowSeconds", calm.toSeconds(), "policies", List.of(all))));
    }
    return spec;
  }

  /** From the first connection to the end of the hold. */
  Duration untilFall() {
    return rise.plus(hold);
  }

  /** The most refusals that may be. */
  int refusals() {
    return peak / 2;
  }
}
