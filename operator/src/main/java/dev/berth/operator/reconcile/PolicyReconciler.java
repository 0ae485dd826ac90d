package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.StatusPace;
import dev.berth.operator.apply.StatusReport;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One policy's round: look, decide, carry out, report; and again after the interval.
 *
 * <p>The rounds of one policy come one at a time, those of different policies on threads of their
 * own. A round that fails changes nothing more and is tried again with growing pauses.
 */
public final class PolicyReconciler implements Reconciler<ConnectionPolicy> {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyReconciler.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

  private final Observer observer;
  private final Execution execution;
  private final Events events;
  private final PolicyMetrics metrics;
  private final Memory memory;
  private final Pulse pulse;
  private final Duration interval;
  private final InstantSource clock;

  PolicyReconciler(
      Observer observer,
      Execution execution,
      Events events,
      PolicyMetrics metrics,
      Memory memory,
      Pulse pulse,
      Duration interval,
      InstantSource clock) {
    this.observer = observer;
    this.execution = execution;
    this.events = events;
    this.metrics = metrics;
    this.memory = memory;
    this.pulse = pulse;
    this.interval = interval;
    this.clock = clock;
  }

  @Override
  public UpdateControl<ConnectionPolicy> reconcile(
      ConnectionPolicy policy, Context<ConnectionPolicy> context) {
    Instant began = clock.instant();
    pulse.beat(began);
    ConnectionPolicyStatus status = round(policy, began);
    Duration took = Duration.between(began, clock.instant());
    Duration pause = interval.minus(took);
    return report(policy, status, began)
        .map(UpdateControl::patchStatus)
        .orElseGet(UpdateControl::noUpdate)
        .rescheduleAfter(pause.compareTo(SHORTEST_PAUSE) > 0 ? pause : SHORTEST_PAUSE);
  }

  private ConnectionPolicyStatus round(ConnectionPolicy policy, Instant now) {
    Memory.Entry before = memory.of(policy);
    long generation = policy.getMetadata().getGeneration();
    Policy wanted;
    try {
      wanted = policy.getSpec().resolved(generation);
    } catch (IllegalArgumentException refused) {
      return StatusReport.without(
          "InvalidSpec", String.valueOf(refused.getMessage()), before.status(), generation, now);
    }
    return switch (observer.look(policy, now)) {
      case Observer.Unseen(String reason, String sentence) ->
          StatusReport.without(reason, sentence, before.status(), generation, now);
      case Observer.Seen seen -> decided(policy, wanted, seen, before, now);
    };
  }

  private ConnectionPolicyStatus decided(
      ConnectionPolicy policy,
      Policy wanted,
      Observer.Seen seen,
      Memory.Entry before,
      Instant now) {
    String namespace = policy.getMetadata().getNamespace();
    String name = policy.getMetadata().getName();
    Decision decision = Round.decide(wanted, seen.observation(), before.history(), now);
    Execution.Outcome outcome =
        execution.carryOut(
            seen.target(),
            seen.observation().workload().removal(),
            decision.actions(),
            wanted.generation(),
            now);
    if (outcome == Execution.Outcome.OVERTAKEN) {
      LOG.info("{}/{}: replicas were changed meanwhile; deciding anew", namespace, name);
      return before.status();
    }
    memory.put(policy, before.with(decision.history()));
    for (Decision.Event event : decision.report().events()) {
      LOG.info("{}/{}: {}: {}", namespace, name, event.kind(), event.message());
      events.tell(policy, event, now);
    }
    metrics.record(namespace, name, decision, Duration.between(now, clock.instant()));
    seen.observation().pods().stream()
        .filter(pod -> pod.state() instanceof Pod.Missing)
        .forEach(pod -> metrics.scrapeFailed(namespace, name));
    return StatusReport.of(
        decision, before.status(), wanted.generation(), outcome == Execution.Outcome.SCALED, now);
  }

  /** The policy with its status to write, if it is worth a write now. */
  private Optional<ConnectionPolicy> report(
      ConnectionPolicy policy, ConnectionPolicyStatus status, Instant now) {
    Memory.Entry entry = memory.of(policy);
    if (!StatusPace.due(entry.status(), status, entry.writtenAt(), now)) {
      return Optional.empty();
    }
    memory.put(policy, entry.with(status, now));
    var report = new ConnectionPolicy();
    report.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(policy.getMetadata().getNamespace())
            .withName(policy.getMetadata().getName())
            .build());
    report.setStatus(status);
    return Optional.of(report);
  }

  /** Tells why a round failed; it is tried again after a pause that grows. */
  @Override
  public ErrorStatusUpdateControl<ConnectionPolicy> updateErrorStatus(
      ConnectionPolicy policy, Context<ConnectionPolicy> context, Exception failure) {
    Instant now = clock.instant();
    String reason = failure instanceof KubernetesClientException ? "ApiError" : "InternalError";
    String sentence = sentence(failure);
    LOG.warn(
        "{}/{}: {}: {}",
        policy.getMetadata().getNamespace(),
        policy.getMetadata().getName(),
        reason,
        sentence);
    LOG.debug("The round that failed", failure);
    ConnectionPolicyStatus status =
        StatusReport.failed(
            reason,
            sentence,
            memory.of(policy).status(),
            policy.getMetadata().getGeneration(),
            now);
    return report(policy, status, now)
        .map(ErrorStatusUpdateControl::patchStatus)
        .orElseGet(ErrorStatusUpdateControl::defaultErrorProcessing);
  }

  /** What failed, and why: client errors name the request, and their cause what came of it. */
  private static String sentence(Exception failure) {
    String told = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    return Optional.ofNullable(failure.getCause()).map(cause -> told + " " + cause).orElse(told);
  }
}
