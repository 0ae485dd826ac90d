package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.metrics.Family.Labelled;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The {@code berth_policy_*} series: what the last round of each policy told, labelled with its
 * {@code namespace} and {@code policy}, from its first round until it is forgotten. Figures are
 * told of a decision alone.
 *
 * <p>They are made when somebody asks, from what is kept of each policy anyway: 40 series as meters
 * of their own would take 40 KB of each.
 *
 * <p>Safe for any number of threads; the rounds of one policy come one at a time.
 */
public final class PolicyMetrics implements MultiCollector {
  private final ConcurrentMap<Key, PolicySeries> policies = new ConcurrentHashMap<>();

  /** Series that show in {@code registry}. */
  public PolicyMetrics(PrometheusMeterRegistry registry) {
    registry.getPrometheusRegistry().register(this);
  }

  /** Tells a round: what it decided, and how long it took, its actions included. */
  public void record(String namespace, String policy, Decision decision, Duration round) {
    series(namespace, policy).record(decision, round);
  }

  /** Tells a round that could decide nothing: the conditions it left, and how long it took. */
  public void undecided(
      String namespace,
      String policy,
      Map<Condition.Type, Condition.State> conditions,
      Duration round) {
    series(namespace, policy).record(conditions, round);
  }

  /** Counts a pod that should have told its metrics and didn't. */
  public void scrapeFailed(String namespace, String policy) {
    series(namespace, policy).scrapeFailed();
  }

  /** Takes all series of a deleted policy away. */
  public void forget(String namespace, String policy) {
    policies.remove(new Key(namespace, policy));
  }

  private PolicySeries series(String namespace, String policy) {
    return policies.computeIfAbsent(new Key(namespace, policy), key -> new PolicySeries());
  }

  private record Key(String namespace, String policy) {
    Labels labels() {
      return Labels.of("namespace", namespace, "policy", policy);
    }
  }

  /** One policy's key, as labels, and its series. */
  private record Each(Labels labels, PolicySeries series) {}

  @Override
  public MetricSnapshots collect() {
    List<Each> all =
        policies.entrySet().stream()
            .sorted(
                Comparator.comparing(
                        (Map.Entry<Key, PolicySeries> each) -> each.getKey().namespace())
                    .thenComparing(each -> each.getKey().policy()))
            .map(each -> new Each(each.getKey().labels(), each.getValue()))
            .toList();
    if (all.isEmpty()) {
      return new MetricSnapshots();
    }
    var snapshots = new ArrayList<MetricSnapshot>();
    for (Family family : Family.ALL) {
      snapshots.add(gauges(family, all));
    }
    snapshots.add(decisions(all));
    snapshots.add(
        new CounterSnapshot(
            new MetricMetadata(
                "berth_policy_scrape_failures",
                "Pods that should have told their metrics and didn't"),
            all.stream()
                .map(each -> counter(each.labels(), each.series().scrapeFailures()))
                .toList()));
    snapshots.add(
        new HistogramSnapshot(
            new MetricMetadata(
                "berth_policy_round_duration_seconds",
                "One round of the control loop, its actions included"),
            all.stream().map(each -> each.series().rounds().snapshot(each.labels())).toList()));
    return new MetricSnapshots(snapshots);
  }

  private static GaugeSnapshot gauges(Family family, List<Each> all) {
    var points = new ArrayList<GaugeDataPointSnapshot>();
    for (Labelled part : family.parts()) {
      for (Each each : all) {
        each.series()
            .last()
            .map(part.figure())
            .orElse(OptionalDouble.empty())
            .ifPresent(figure ->
                points.add(
                    new GaugeDataPointSnapshot(figure, each.labels().merge(part.labels()), null)));
      }
    }
    return new GaugeSnapshot(new MetricMetadata(family.name(), family.description()), points);
  }

  private static CounterSnapshot decisions(List<Each> all) {
    var points = new ArrayList<CounterDataPointSnapshot>();
    for (Action action : Action.values()) {
      for (Each each : all) {
        points.add(
            counter(each.labels().add("action", action.label()), each.series().count(action)));
      }
    }
    return new CounterSnapshot(
        new MetricMetadata("berth_policy_decisions", "Rounds by what they did; hold: nothing"),
        points);
  }

  private static CounterDataPointSnapshot counter(Labels labels, long count) {
    return new CounterDataPointSnapshot(count, labels, null, 0L);
  }
}
