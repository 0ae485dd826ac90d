package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Episode;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.decide.Workload;
import dev.berth.operator.policy.ConnectionPolicySpec;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import dev.berth.operator.policy.StatusCondition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.700Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Policy POLICY =
      Serialization.unmarshal("maxReplicas: 1000", ConnectionPolicySpec.class).resolved(3);

  static Decision decision(int pods, Pod.State state) {
    List<Pod> seen =
        IntStream.range(0, pods)
            .mapToObj(i ->
                new Pod(
                    "chat-%03d".formatted(i),
                    "t",
                    Pod.Marks.NONE,
                    OptionalLong.of(128L << 20),
                    Optional.empty(),
                    state))
            .toList();
    var workload =
        new Workload(
            pods,
            false,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    return Round.decide(POLICY, new Observation(workload, seen), History.NONE, NOW);
  }

  static Pod.State observed(int active) {
    return new Pod.Observed(
        active, 400, false, 0, 60L << 20, OptionalLong.of((20L << 20) + active * 65536L));
  }

  private static ConnectionPolicyStatus report(
      Decision decision, ConnectionPolicyStatus before, boolean scaled, Instant now) {
    return StatusReport.of(decision, before, 3, scaled, now);
  }

  private static StatusCondition ready(ConnectionPolicyStatus status) {
    return status.condition("Ready").orElseThrow();
  }

  @Test
  void theDecisionsFiguresAreTold() {
    ConnectionPolicyStatus status =
        report(decision(2, observed(100)), ConnectionPolicyStatus.NONE, false, NOW);

    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.currentReplicas()).isEqualTo(2);
    assertThat(status.activeConnections()).isEqualTo(200);
    assertThat(status.reason()).contains("saturation");
    assertThat(ready(status))
        .isEqualTo(
            new StatusCondition("Ready", "True", "Governing", "", "2026-01-01T00:00:00Z", 3L));
    assertThat(status.pods())
        .first()
        .extracting(PodStatus::phase, PodStatus::active, PodStatus::appliedLimit)
        .containsExactly(PodStatus.Phase.SERVING, 100, 400);
  }

  @Test
  void aConditionKeepsItsTimeWhileItStands() {
    ConnectionPolicyStatus before =
        report(decision(2, observed(100)), ConnectionPolicyStatus.NONE, false, NOW);

    ConnectionPolicyStatus same = report(decision(2, observed(90)), before, false, LATER);
    ConnectionPolicyStatus other =
        report(decision(2, new Pod.Missing("no answer")), before, false, LATER);

    assertThat(ready(same).lastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(ready(other).status()).isEqualTo("False");
    assertThat(ready(other).lastTransitionTime()).isEqualTo("2026-01-01T00:01:00Z");
  }

  @Test
  void theTimeOfTheLastScaleStaysUntilTheNext() {
    Decision decision = decision(2, observed(100));
    ConnectionPolicyStatus scaled = report(decision, ConnectionPolicyStatus.NONE, true, NOW);

    assertThat(scaled.lastScaleTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(report(decision, scaled, false, LATER).lastScaleTime())
        .isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void fiftyPodsAreListedAtMost() {
    assertThat(report(decision(80, observed(1)), ConnectionPolicyStatus.NONE, false, NOW).pods())
        .hasSize(50);
  }

  @Test
  void withoutATargetWhatWasLearnedStaysAndTheRestGoes() {
    ConnectionPolicyStatus before =
        report(decision(2, observed(100)), ConnectionPolicyStatus.NONE, true, NOW);

    ConnectionPolicyStatus status =
        StatusReport.without("TargetNotFound", "there is no such thing", before, 4, LATER);

    assertThat(ready(status))
        .isEqualTo(
            new StatusCondition(
                "Ready",
                "False",
                "TargetNotFound",
                "there is no such thing",
                "2026-01-01T00:01:00Z",
                4L));
    assertThat(status.bytesPerConnection()).isEqualTo(before.bytesPerConnection());
    assertThat(status.connectionLimit()).isEqualTo(before.connectionLimit());
    assertThat(status.lastScaleTime()).isEqualTo(before.lastScaleTime());
    assertThat(status.activeConnections()).isNull();
    assertThat(status.pods()).isEmpty();
  }

  @Test
  void aFailureTakesReadyAndLeavesTheRest() {
    ConnectionPolicyStatus before =
        report(decision(2, observed(100)), ConnectionPolicyStatus.NONE, false, NOW);

    ConnectionPolicyStatus status = StatusReport.failed("ApiError", "refused", before, 3, LATER);

    assertThat(ready(status).reason()).isEqualTo("ApiError");
    assertThat(status.condition("Conflict")).isEqualTo(before.condition("Conflict"));
    assertThat(status.pods()).isNull();
    assertThat(status.desiredReplicas()).isEqualTo(before.desiredReplicas());
  }

  @Test
  void aStateThatWasToldOfGoesOnSinceItsTransition() {
    var silent =
        report(decision(2, new Pod.Missing("no answer")), ConnectionPolicyStatus.NONE, false, NOW);

    assertThat(StatusReport.episodes(silent))
        .containsExactly(
            Map.entry(
                Decision.Condition.Type.METRICS_AVAILABLE,
                Episode.resumed(Instant.parse("2026-01-01T00:00:00Z"))));
    assertThat(
            StatusReport.episodes(
                report(decision(2, observed(100)), ConnectionPolicyStatus.NONE, false, NOW)))
        .isEmpty();
    assertThat(StatusReport.episodes(ConnectionPolicyStatus.NONE)).isEmpty();
  }

  @Test
  void aStateThatWasToldOfIsAwaySinceItsTransitionIfThePolicyWasReadyBefore() {
    assertThat(StatusReport.episodes(back("2025-12-31T23:00:00Z", "True")))
        .containsExactly(
            Map.entry(
                Decision.Condition.Type.METRICS_AVAILABLE,
                Episode.away(Instant.parse("2026-01-01T00:00:00Z"))));
    assertThat(StatusReport.episodes(back("2026-01-01T00:00:00Z", "True")))
        .as("of pods that had not come before")
        .isEmpty();
    assertThat(StatusReport.episodes(back("2025-12-31T23:00:00Z", "False"))).isEmpty();
  }

  private static ConnectionPolicyStatus back(String since, String ready) {
    return Serialization.unmarshal(
        """
        conditions:
        - {type: Ready, status: "%s", lastTransitionTime: "%s"}
        - {type: MetricsAvailable, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
        - {type: Pressure, status: "False", lastTransitionTime: "2025-12-31T23:00:00Z"}
        - {type: Conflict, status: "False", lastTransitionTime: "2025-12-31T23:00:00Z"}
        """
            .formatted(ready, since),
        ConnectionPolicyStatus.class);
  }
}
