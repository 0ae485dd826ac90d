package dev.berth.operator.observe;

import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Workload;
import dev.berth.operator.decide.Workload.Conflict;
import dev.berth.operator.policy.Annotations;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicySpec;
import dev.berth.operator.policy.Memory.Source;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at what a policy governs: its target, its pods from outside and inside, and who else has a
 * hand in it.
 *
 * <p>Safe for any number of threads.
 */
public final class Observer {
  private final Cluster cluster;
  private final Controllers controllers;
  private final Targets targets;
  private final Scrape scrape;
  private final MemoryInUse memory;

  public Observer(Cluster cluster, Targets targets, Scrape scrape) {
    this.cluster = cluster;
    this.controllers = new Controllers(cluster);
    this.targets = targets;
    this.scrape = scrape;
    this.memory = new MemoryInUse(cluster.client(), System::nanoTime);
  }

  /** What came of a look. */
  public sealed interface Sight permits Seen, Unseen {}

  /**
   * The target and its pods.
   *
   * @param uids of the pods by name: another may come to a name meanwhile
   */
  public record Seen(Target target, Observation observation, Map<String, String> uids)
      implements Sight {}

  /**
   * There is nothing that could be governed.
   *
   * @param reason one word in CamelCase
   * @param sentence why, for people
   */
  public record Unseen(String reason, String sentence) implements Sight {}

  /** Tells where policies are, before the first look. */
  public void policiesFrom(IndexerResourceCache<ConnectionPolicy> cache) {
    cluster.policiesFrom(cache);
  }

  /**
   * Whether everything that a look takes into account was listed once. Before that, whoever else
   * scales a target and whatever guards its pods would be overlooked.
   */
  public boolean ready() {
    return cluster.synced();
  }

  /** Looks once. Waits for the pods' answers. */
  public Sight look(ConnectionPolicy policy, Instant now) {
    String namespace = policy.getMetadata().getNamespace();
    return switch (targets.find(namespace, policy.getSpec().scaleTargetRef())) {
      case Targets.NotHere(String reason, String sentence) -> new Unseen(reason, sentence);
      case Targets.Here(Target target) -> seen(policy, target, now);
    };
  }

  private Seen seen(ConnectionPolicy policy, Target target, Instant now) {
    List<Pod> pods = targets.pods(target).stream().filter(pod -> !PodSight.leaving(pod)).toList();
    var workload =
        new Workload(
            target.replicas(),
            target.rolling() || pods.size() != target.replicas() || Rollout.among(target, pods),
            RemovalOrder.of(target.ref(), set(target), pods),
            Surroundings.disruptionsAllowed(pods, cluster.budgets(target.namespace())),
            conflict(policy, target, pods),
            paused(policy));
    Map<String, String> uids =
        pods.stream()
            .map(Pod::getMetadata)
            .collect(Collectors.toUnmodifiableMap(ObjectMeta::getName, ObjectMeta::getUid));
    return new Seen(target, new Observation(workload, pods(policy.getSpec(), pods, now)), uids);
  }

  private Optional<Conflict> conflict(ConnectionPolicy policy, Target target, List<Pod> pods) {
    String namespace = target.namespace();
    Set<ScaleTargetRef> controlling = controllers.of(namespace, pods);
    boolean selectsOnly = !target.watched() && controlling.stream().noneMatch(target.ref()::same);
    return Surroundings.conflict(
        policy,
        controlling,
        other -> targets.selects(namespace, other, pods),
        selectsOnly
            ? cluster.policies(namespace)
            : Stream.concat(Stream.of(target.ref()), controlling.stream())
                .map(ScaleTargetRef::name)
                .distinct()
                .flatMap(name -> cluster.policies(namespace, name)),
        cluster.autoscalers(namespace));
  }

  private Optional<StatefulSet> set(Target target) {
    return cluster
        .workload(target.namespace(), target.ref())
        .filter(StatefulSet.class::isInstance)
        .map(StatefulSet.class::cast);
  }

  private List<dev.berth.operator.decide.Pod> pods(
      ConnectionPolicySpec spec, List<Pod> pods, Instant now) {
    var sights = pods.stream().map(pod -> new PodSight(pod, spec, now)).toList();
    var addresses = new HashMap<String, Endpoint>();
    for (PodSight sight : sights) {
      sight.metrics().ifPresent(address -> addresses.put(sight.name(), address));
    }
    Map<String, Scrape.Outcome> outcomes = scrape.readAll(addresses);
    boolean measures = spec.memory().source() == Source.METRICS;
    return sights.stream()
        .map(sight ->
            switch (outcomes.getOrDefault(
                sight.name(), new Scrape.Failed("it has no address yet"))) {
              case Scrape.Answered(Reading reading) when measures ->
                  measured(sight, pods.getFirst().getMetadata().getNamespace(), reading);
              case Scrape.Outcome outcome -> sight.pod(outcome);
            })
        .toList();
  }

  /** The pod with metrics.k8s.io's memory in place of its own. */
  private dev.berth.operator.decide.Pod measured(
      PodSight sight, String namespace, Reading reading) {
    Optional<String> container = sight.governed().map(Container::getName);
    return switch (memory.of(namespace, sight.name(), sight.made(), container)) {
      case MemoryInUse.Bytes(long workingSet) ->
          sight.pod(
              new Scrape.Answered(
                  new Reading(
                      reading.active(),
                      reading.idle(),
                      reading.waiting(),
                      reading.limit(),
                      reading.draining(),
                      reading.rejected(),
                      workingSet,
                      OptionalLong.empty(),
                      0,
                      reading.memoryLimit())));
      case MemoryInUse.Unlisted() -> sight.unmeasured("metrics.k8s.io has no figures for it yet");
      case MemoryInUse.Unknown(String why) -> sight.pod(new Scrape.Failed(why));
    };
  }

  private static Optional<String> paused(ConnectionPolicy policy) {
    Map<String, String> notes =
        Optional.ofNullable(policy.getMetadata().getAnnotations()).orElse(Map.of());
    return "true".equals(notes.get(Annotations.PAUSED))
        ? Optional.of("paused by the annotation " + Annotations.PAUSED + "; nothing is changed")
        : Optional.empty();
  }
}
