package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusReport;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One policy's round: look, decide, carry out, report; and again after the interval.
 *
 * <p>The rounds of one policy come one at a time, those of different policies on threads of their
 * own, {@value #AT_ONCE} at once. A round that fails changes nothing more and is tried again with
 * growing pauses.
 */
public final class PolicyReconciler implements Reconciler<ConnectionPolicy> {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyReconciler.class);

  // What a round has seen and not yet decided takes memory: of those that wait, 1,000 had none left
  private static final int AT_ONCE = 100;
  private static final Duration UNTIL_LISTED = Duration.ofMillis(500);

  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final Observer observer;
  private final Execution execution;
  private final StatusQueue statuses;
  private final Events events;
  private final PolicyMetrics metrics;
  private final Memory memory;
  private final Pulse pulse;
  private final LoopMetrics loop;
  private final Cadence cadence;
  private final InstantSource clock;

  PolicyReconciler(
      Observer observer,
      Execution execution,
      StatusQueue statuses,
      Events events,
      PolicyMetrics metrics,
      Memory memory,
      Pulse pulse,
      LoopMetrics loop,
      Cadence cadence,
      InstantSource clock) {
    this.observer = observer;
    this.execution = execution;
    this.statuses = statuses;
    this.events = events;
    this.metrics = metrics;
    this.memory = memory;
    this.pulse = pulse;
    this.loop = loop;
    this.cadence = cadence;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, ConnectionPolicy>> prepareEventSources(
      EventSourceContext<ConnectionPolicy> context) {
    observer.policiesFrom(context.getPrimaryCache());
    return List.of();
  }

  @Override
  public UpdateControl<ConnectionPolicy> reconcile(
      ConnectionPolicy policy, Context<ConnectionPolicy> context) {
    atOnce.acquireUninterruptibly();
    try {
      return UpdateControl.<ConnectionPolicy>noUpdate().rescheduleAfter(next(policy));
    } finally {
      atOnce.release();
    }
  }

  /**
   * A round from its beginning to its end, if everything it looks at was listed; how long to wait
   * for the next.
   */
  Duration next(ConnectionPolicy policy) {
    Instant began = clock.instant();
    pulse.beat(began);
    if (!observer.ready()) {
      return UNTIL_LISTED;
    }
    String uid = policy.getMetadata().getUid();
    Duration late = cadence.late(uid, began);
    report(policy, round(policy, began), began);
    Instant ended = clock.instant();
    loop.record(Duration.between(began, ended), late);
    return cadence.pause(uid, ended);
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

  /** Remembers the status, and leaves it to be written. */
  private void report(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant now) {
    memory.put(policy, memory.of(policy).with(status.withoutPods()));
    statuses.offer(policy, status, now);
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
    report(policy, status, now);
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /** What failed, and why: client errors name the request, and their cause what came of it. */
  private static String sentence(Exception failure) {
    String told = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    return Optional.ofNullable(failure.getCause()).map(cause -> told + " " + cause).orElse(told);
  }
}
