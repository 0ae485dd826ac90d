package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Carried;
import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.Refusals;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusReport;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
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
 * own, {@value #AT_ONCE} at once. A round that can't look is told, and tried again with growing
 * pauses. What the API server refuses of a decision is told too, and tried again by a later round;
 * rounds go on meanwhile, and what was done is remembered.
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
    Optional<RuntimeException> failure = attempted(policy, began);
    Instant ended = clock.instant();
    loop.record(Duration.between(began, ended), late);
    if (failure.isPresent()) {
      // It is tried again after a pause that grows, which is no lateness
      cadence.forget(uid);
      LOG.warn(
          "{}/{}: {}: {}",
          policy.getMetadata().getNamespace(),
          policy.getMetadata().getName(),
          reason(failure.get()),
          sentence(failure.get()));
      LOG.debug("The round that failed", failure.get());
      throw failure.get();
    }
    return cadence.pause(uid, ended);
  }

  /** A round, told whatever came of it; what kept it from deciding. */
  private Optional<RuntimeException> attempted(ConnectionPolicy policy, Instant now) {
    try {
      round(policy, now);
      return Optional.empty();
    } catch (RuntimeException failure) {
      undecided(
          policy,
          StatusReport.failed(
              reason(failure),
              sentence(failure),
              memory.of(policy).status(),
              policy.getMetadata().getGeneration(),
              now),
          now);
      return Optional.of(failure);
    }
  }

  private void round(ConnectionPolicy policy, Instant now) {
    Memory.Entry before = memory.of(policy);
    long generation = policy.getMetadata().getGeneration();
    Policy wanted;
    try {
      wanted = policy.resolved();
    } catch (IllegalArgumentException refused) {
      undecided(
          policy,
          StatusReport.without(
              "InvalidSpec",
              String.valueOf(refused.getMessage()),
              before.status(),
              generation,
              now),
          now);
      return;
    }
    switch (observer.look(policy, now)) {
      case Observer.Unseen(String reason, String sentence) ->
          undecided(
              policy,
              StatusReport.without(reason, sentence, before.status(), generation, now),
              now);
      case Observer.Seen seen -> decided(policy, wanted, seen, before.of(seen.target().uid()), now);
    }
  }

  private void decided(
      ConnectionPolicy policy,
      Policy wanted,
      Observer.Seen seen,
      Memory.Entry before,
      Instant now) {
    String namespace = policy.getMetadata().getNamespace();
    String name = policy.getMetadata().getName();
    Decision decision = Round.decide(wanted, seen.observation(), before.history(), now);
    Carried carried =
        execution.carryOut(seen, decision.actions(), wanted.generation(), before.refusals(), now);
    refused(policy, before.refusals(), carried.refusals());
    if (carried.overtaken()) {
      LOG.info("{}/{}: replicas were changed meanwhile; deciding anew", namespace, name);
    }
    Decision done =
        Aftermath.of(
            decision, carried, before.history(), carried.failure().map(PolicyReconciler::notReady));
    memory.put(policy, before.with(done.history(), carried.refusals()));
    for (Decision.Event event : done.report().events()) {
      LOG.info("{}/{}: {}: {}", namespace, name, event.kind(), event.message());
      events.tell(policy, event, now);
    }
    metrics.record(namespace, name, done, Duration.between(now, clock.instant()));
    seen.observation().pods().stream()
        .filter(Pod::silent)
        .forEach(pod -> metrics.scrapeFailed(namespace, name));
    report(
        policy,
        StatusReport.of(done, before.status(), wanted.generation(), carried.scaled(), now),
        now);
  }

  /** Logs what the API server refuses once, and not each time. */
  private static void refused(ConnectionPolicy policy, Refusals before, Refusals after) {
    List<KubernetesClientException> since = after.since(before);
    if (!since.isEmpty()) {
      LOG.warn(
          "{}/{}: {}: {}{}",
          policy.getMetadata().getNamespace(),
          policy.getMetadata().getName(),
          reason(since.getFirst()),
          sentence(since.getFirst()),
          since.size() > 1 ? "; and %d more".formatted(since.size() - 1) : "");
    } else if (after.isEmpty() && !before.isEmpty()) {
      LOG.info(
          "{}/{}: nothing is refused any more",
          policy.getMetadata().getNamespace(),
          policy.getMetadata().getName());
    }
  }

  /** Tells a round that could decide nothing. */
  private void undecided(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant now) {
    metrics.undecided(
        policy.getMetadata().getNamespace(),
        policy.getMetadata().getName(),
        StatusReport.states(status),
        Duration.between(now, clock.instant()));
    report(policy, status, now);
  }

  /** Remembers the status, and leaves it to be written. */
  private void report(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant now) {
    memory.put(policy, memory.of(policy).with(status.withoutPods()));
    statuses.offer(policy, status, now);
  }

  private static Condition notReady(RuntimeException failure) {
    return new Condition(
        Condition.Type.READY, Condition.State.FALSE, reason(failure), sentence(failure));
  }

  private static String reason(Exception failure) {
    return failure instanceof KubernetesClientException ? "ApiError" : "InternalError";
  }

  /** What failed, and why: client errors name the request, and their cause what came of it. */
  private static String sentence(Exception failure) {
    String told = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    return Optional.ofNullable(failure.getCause()).map(cause -> told + " " + cause).orElse(told);
  }
}
