package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.PodReport.Phase;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Decision.Scale;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The series of one policy. Gauges are NaN until its first round.
 *
 * <p>{@code last} is written by the policy's rounds, one at a time, and read by whoever scrapes.
 */
final class PolicySeries {
  private static final Duration[] ROUND_BOUNDS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
  };

  /** What a round did: several at once, {@code HOLD} only alone. */
  private enum Action {
    LIMIT,
    SCALE_UP,
    SCALE_DOWN,
    ROTATION,
    DRAIN,
    UNDRAIN,
    HOLD
  }

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<Action, Counter> decisions = new EnumMap<>(Action.class);
  private final Counter scrapeFailures;
  private final Timer rounds;
  private volatile Optional<Report> last = Optional.empty();

  PolicySeries(MeterRegistry registry, String namespace, String policy) {
    this.registry = registry;
    this.tags = Tags.of("namespace", namespace, "policy", policy);
    figures();
    pods();
    conditions();
    for (Action action : Action.values()) {
      decisions.put(
          action,
          kept(
              Counter.builder("berth.policy.decisions")
                  .description("Rounds by what they did; hold: nothing")
                  .tags(tags.and("action", lower(action)))
                  .register(registry)));
    }
    this.scrapeFailures =
        kept(
            Counter.builder("berth.policy.scrape.failures")
                .description("Pods that should have told their metrics and didn't")
                .tags(tags)
                .register(registry));
    this.rounds =
        kept(
            Timer.builder("berth.policy.round.duration")
                .description("One round of the control loop, its actions included")
                .serviceLevelObjectives(ROUND_BOUNDS)
                .tags(tags)
                .register(registry));
  }

  void record(Decision decision, Duration round) {
    last = Optional.of(decision.report());
    actions(decision.actions()).forEach(action -> count(action));
    rounds.record(round);
  }

  void scrapeFailed() {
    scrapeFailures.increment();
  }

  void remove() {
    meters.forEach(registry::remove);
  }

  private void count(Action action) {
    Optional.ofNullable(decisions.get(action)).ifPresent(Counter::increment);
  }

  private void figures() {
    gauge("replicas.current", "Pods that the workload is told to have", Report::currentReplicas);
    gauge("replicas.desired", "Pods that it should have", Report::desiredReplicas);
    gauge(
        "connection.limit",
        "Connections that a pod may hold",
        report ->
            report.connectionLimit().isPresent()
                ? report.connectionLimit().getAsInt()
                : Double.NaN);
    gauge(
        "active.connections",
        "Open connections of all pods",
        report -> report.figures().activeConnections());
    gauge(
        "saturation.ratio",
        "Connections over the limits of the serving pods; 1 is full",
        report -> report.figures().saturation());
    gauge(
        "rejected.per.second",
        "Connections refused for want of a permit",
        report -> report.figures().rejectedPerSecond());
    gauge(
        "bytes.per.connection",
        "Memory that a connection costs, as learned; the upper side of the estimate",
        report -> report.figures().bytesPerConnection());
    gauge(
        "base.bytes",
        "Memory of a pod without connections",
        report -> report.figures().baseBytes());
    gauge(
        "estimate.trust.ratio",
        "How far the cost is learned rather than guessed",
        report -> report.figures().trust());
  }

  private void pods() {
    for (Phase phase : Phase.values()) {
      gauge(
          "pods",
          "Pods by where they are in their life",
          report -> report.pods().stream().filter(pod -> pod.phase() == phase).count(),
          tags.and("phase", lower(phase)));
    }
  }

  private void conditions() {
    for (Condition.Type type : Condition.Type.values()) {
      for (Condition.State state : Condition.State.values()) {
        gauge(
            "condition",
            "1 for the status that a condition has, 0 for the others",
            report -> holds(report, type, state) ? 1 : 0,
            tags.and("condition", camelCase(type), "status", lower(state)));
      }
    }
  }

  private static boolean holds(Report report, Condition.Type type, Condition.State state) {
    return report.conditions().stream()
        .anyMatch(each -> each.type() == type && each.state() == state);
  }

  private void gauge(String name, String description, ToDoubleFunction<Report> figure) {
    gauge(name, description, figure, tags);
  }

  private void gauge(
      String name, String description, ToDoubleFunction<Report> figure, Tags labels) {
    kept(
        Gauge.builder(
                "berth.policy." + name,
                this,
                series -> series.last.map(figure::applyAsDouble).orElse(Double.NaN))
            .description(description)
            .tags(labels)
            .register(registry));
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    return meter;
  }

  private static List<Action> actions(Decision.Actions actions) {
    if (actions.isEmpty()) {
      return List.of(Action.HOLD);
    }
    var done = new ArrayList<Action>();
    if (!actions.limits().isEmpty()) {
      done.add(Action.LIMIT);
    }
    if (!actions.leave().isEmpty() || !actions.stay().isEmpty()) {
      done.add(Action.ROTATION);
    }
    if (!actions.undrain().isEmpty()) {
      done.add(Action.UNDRAIN);
    }
    if (!actions.drain().isEmpty()) {
      done.add(Action.DRAIN);
    }
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up ignored -> done.add(Action.SCALE_UP);
      case Scale.Remove ignored -> done.add(Action.SCALE_DOWN);
    }
    return done;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /** As Kubernetes writes a condition's type: {@code METRICS_AVAILABLE} is MetricsAvailable. */
  private static String camelCase(Enum<?> words) {
    return Arrays.stream(words.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
