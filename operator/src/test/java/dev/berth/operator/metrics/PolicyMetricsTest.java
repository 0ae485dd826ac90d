package dev.berth.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Behavior;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.decide.Workload;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PolicyMetricsTest {
  private static final Policy POLICY =
      new Policy(
          3,
          1,
          10,
          Policy.UpdateMode.AUTO,
          new Policy.Connections(50, 50_000, 70, 90, 2.0),
          new Policy.Memory(75, 90),
          Behavior.DEFAULT,
          Duration.ofMinutes(5),
          new Policy.Fallback(3, Optional.empty()));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PolicyMetrics metrics = new PolicyMetrics(registry);

  private static Pod pod(String name, Pod.State state) {
    return new Pod(name, "a", Pod.Marks.NONE, OptionalLong.of(128 << 20), Optional.empty(), state);
  }

  private static Decision decision() {
    var workload =
        new Workload(
            2,
            false,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    var pods =
        List.of(
            pod("a-1", new Pod.Observed(1200, 0, false, 0, 40 << 20, OptionalLong.of(30 << 20))),
            pod("a-2", new Pod.Starting(Pod.Occupancy.OCCUPIED)));
    return Round.decide(POLICY, new Observation(workload, pods), History.NONE, NOW);
  }

  @Test
  void aRoundIsToldUnderTheNamesOfTheContract() {
    Decision decision = decision();

    metrics.record("shop", "chat", decision, Duration.ofMillis(7));
    metrics.scrapeFailed("shop", "chat");

    var figures = decision.report().figures();
    assertThat(registry.scrape())
        .contains(
            line("replicas_current", 2),
            line("replicas_desired", decision.report().desiredReplicas()),
            line("connection_limit", decision.report().connectionLimit().orElseThrow()),
            line("active_connections", 1200),
            line("saturation_ratio", figures.saturation()),
            line("rejected_per_second", 0),
            line("bytes_per_connection", (double) figures.bytesPerConnection()),
            line("base_bytes", (double) figures.baseBytes()),
            line("estimate_trust_ratio", figures.trust()),
            "berth_policy_pods{namespace=\"shop\",phase=\"serving\",policy=\"chat\"} 1.0\n",
            "berth_policy_pods{namespace=\"shop\",phase=\"starting\",policy=\"chat\"} 1.0\n",
            "berth_policy_pods{namespace=\"shop\",phase=\"draining\",policy=\"chat\"} 0.0\n",
            "berth_policy_pods{namespace=\"shop\",phase=\"missing\",policy=\"chat\"} 0.0\n",
            line("scrape_failures_total", 1),
            "berth_policy_round_duration_seconds_count{namespace=\"shop\",policy=\"chat\"} 1\n",
            "berth_policy_round_duration_seconds_bucket{namespace=\"shop\",policy=\"chat\",le=\"0.01\"} 1\n");
  }

  @Test
  void aConditionIsOneForTheStatusInForce() {
    metrics.record("shop", "chat", decision(), Duration.ofMillis(7));

    assertThat(registry.scrape())
        .contains(condition("Ready", "true", 1))
        .contains(condition("Ready", "false", 0))
        .contains(condition("Ready", "unknown", 0))
        .contains(condition("MetricsAvailable", "true", 1))
        .contains(condition("Conflict", "false", 1));
  }

  @Test
  void decisionsAreCountedByWhatTheyDid() {
    metrics.record("shop", "chat", decision(), Duration.ofMillis(7));

    assertThat(decision().actions().limits()).isNotEmpty();
    assertThat(registry.scrape())
        .contains(decisions("limit", 1))
        .contains(decisions("hold", 0))
        .contains(decisions("scale_up", 0))
        .contains(decisions("scale_down", 0))
        .contains(decisions("drain", 0))
        .contains(decisions("undrain", 0));
  }

  @Test
  void aForgottenPolicyLeavesNoSeries() {
    metrics.record("shop", "chat", decision(), Duration.ofMillis(7));
    metrics.record("shop", "mail", decision(), Duration.ofMillis(7));

    metrics.forget("shop", "chat");

    assertThat(registry.scrape()).doesNotContain("chat").contains("policy=\"mail\"");
  }

  @Test
  void aFailureBeforeTheFirstRoundTellsNoFigures() {
    metrics.scrapeFailed("shop", "chat");

    assertThat(registry.scrape())
        .contains(line("scrape_failures_total", 1))
        .doesNotContain("NaN", "berth_policy_connection_limit{");
  }

  @Test
  void aRoundThatDecidesNothingTellsItsConditionsAndNoFigures() {
    metrics.record("shop", "chat", decision(), Duration.ofMillis(7));

    metrics.undecided(
        "shop", "chat", Map.of(Condition.Type.READY, Condition.State.FALSE), Duration.ofMillis(7));

    assertThat(registry.scrape())
        .contains(condition("Ready", "false", 1))
        .contains(condition("Ready", "true", 0))
        .contains(condition("Conflict", "false", 0))
        .contains(
            "berth_policy_round_duration_seconds_count{namespace=\"shop\",policy=\"chat\"} 2\n")
        .doesNotContain("berth_policy_replicas_current{", "berth_policy_pods{");
  }

  private static String line(String name, double value) {
    return "berth_policy_%s{namespace=\"shop\",policy=\"chat\"} %s\n".formatted(name, value);
  }

  private static String condition(String type, String status, int value) {
    return "berth_policy_condition{condition=\"%s\",namespace=\"shop\",policy=\"chat\",status=\"%s\"} %d.0\n"
        .formatted(type, status, value);
  }

  private static String decisions(String action, int value) {
    return "berth_policy_decisions_total{action=\"%s\",namespace=\"shop\",policy=\"chat\"} %d.0\n"
        .formatted(action, value);
  }
}
