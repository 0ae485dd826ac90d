package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The {@code berth_policy_*} series: what was last decided for each policy, labelled with its
 * {@code namespace} and {@code policy}, from its first round until it is forgotten.
 *
 * <p>Safe for any number of threads; the rounds of one policy come one at a time.
 */
public final class PolicyMetrics {
  private final MeterRegistry registry;
  private final ConcurrentMap<Key, PolicySeries> policies = new ConcurrentHashMap<>();

  public PolicyMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Tells a round: what it decided, and how long it took, its actions included. */
  public void record(String namespace, String policy, Decision decision, Duration round) {
    series(namespace, policy).record(decision, round);
  }

  /** Counts a pod that should have told its metrics and didn't. */
  public void scrapeFailed(String namespace, String policy) {
    series(namespace, policy).scrapeFailed();
  }

  /** Takes all series of a deleted policy away. */
  public void forget(String namespace, String policy) {
    Optional.ofNullable(policies.remove(new Key(namespace, policy)))
        .ifPresent(PolicySeries::remove);
  }

  private PolicySeries series(String namespace, String policy) {
    return policies.computeIfAbsent(
        new Key(namespace, policy), key -> new PolicySeries(registry, namespace, policy));
  }

  private record Key(String namespace, String policy) {}
}
