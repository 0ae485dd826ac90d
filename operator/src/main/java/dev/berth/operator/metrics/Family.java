package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.PodReport.Phase;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Spelling;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A gauge of each policy, read off its last report.
 *
 * @param name as Prometheus shows it
 * @param parts its series of one policy, by their labels beside the policy's
 */
record Family(String name, String description, List<Labelled> parts) {
  /**
   * One series of a policy.
   *
   * @param figure absent where there is no such series now: sums go on without it, as they wouldn't
   *     with a NaN
   */
  record Labelled(Labels labels, Function<Told, OptionalDouble> figure) {
    static Labelled of(Labels labels, ToDoubleFunction<Told.Figures> figure) {
      return new Labelled(
          labels,
          told ->
              told.figures()
                  .map(figures -> OptionalDouble.of(figure.applyAsDouble(figures)))
                  .orElse(OptionalDouble.empty()));
    }
  }

  /** All of them. */
  static final List<Family> ALL =
      List.of(
          one(
              "replicas_current",
              "Pods that the workload is told to have",
              Report::currentReplicas),
          one("replicas_desired", "Pods that it should have", Report::desiredReplicas),
          one(
              "connection_limit",
              "Connections that a pod may hold",
              report ->
                  report.connectionLimit().isPresent()
                      ? report.connectionLimit().getAsInt()
                      : Double.NaN),
          one(
              "active_connections",
              "Open connections of all pods",
              report -> report.figures().activeConnections()),
          one(
              "saturation_ratio",
              "Connections over the limits of the serving pods; 1 is full",
              report -> report.figures().saturation()),
          one(
              "rejected_per_second",
              "Connections refused for want of a permit",
              report -> report.figures().rejectedPerSecond()),
          one(
              "bytes_per_connection",
              "Memory that a connection costs, as learned; the upper side of the estimate",
              report -> report.figures().bytesPerConnection()),
          one(
              "base_bytes",
              "Memory of a pod without connections",
              report -> report.figures().baseBytes()),
          one(
              "estimate_trust_ratio",
              "How far the cost is learned rather than guessed",
              report -> report.figures().trust()),
          new Family(
              "berth_policy_pods",
              "Pods by where they are in their life",
              Arrays.stream(Phase.values()).map(Family::pods).toList()),
          new Family(
              "berth_policy_condition",
              "1 for the status that a condition has, 0 for the others",
              Arrays.stream(Condition.Type.values()).flatMap(Family::states).toList()));

  private static Family one(String name, String description, ToDoubleFunction<Report> figure) {
    return new Family(
        "berth_policy_" + name,
        description,
        List.of(Labelled.of(Labels.EMPTY, figures -> figure.applyAsDouble(figures.report()))));
  }

  private static Labelled pods(Phase phase) {
    return Labelled.of(Labels.of("phase", lower(phase)), figures -> figures.pods(phase));
  }

  private static Stream<Labelled> states(Condition.Type type) {
    return Arrays.stream(Condition.State.values())
        .map(state ->
            new Labelled(
                Labels.of("condition", Spelling.upperCamelCase(type), "status", lower(state)),
                told -> OptionalDouble.of(told.holds(type, state) ? 1 : 0)));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
