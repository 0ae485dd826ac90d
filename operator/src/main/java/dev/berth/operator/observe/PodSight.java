package dev.berth.operator.observe;

import dev.berth.operator.decide.Pod;
import dev.berth.operator.policy.Annotations;
import dev.berth.operator.policy.ConnectionPolicySpec;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One pod in the terms of a decision: what the API server tells of it, joined with what it told of
 * itself.
 *
 * <pre>
 *  answered,  and ready, or draining, or with connections      Observed
 *  otherwise, a container crashed or can't start               Missing, with why
 *             ready, or told to drain                          Missing, with why
 *             neither, or new and not measured yet             Starting
 * </pre>
 *
 * The last three tell too whether it may hold connections: not if nothing runs in it, if it answers
 * that it holds none and isn't ready, or if it never was.
 */
final class PodSight {
  /** The age to which metrics.k8s.io may not know a pod yet: a start, and its first minute. */
  private static final Duration FIRST_FIGURES = Duration.ofMinutes(3);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final io.fabric8.kubernetes.api.model.Pod pod;
  private final ConnectionPolicySpec spec;
  private final Inside inside;
  private final Instant now;

  PodSight(io.fabric8.kubernetes.api.model.Pod pod, ConnectionPolicySpec spec, Instant now) {
    this.pod = pod;
    this.spec = spec;
    this.inside = new Inside(pod);
    this.now = now;
  }

  /** Whether the pod is on its way out: it counts no more. */
  static boolean leaving(io.fabric8.kubernetes.api.model.Pod pod) {
    String phase = Optional.ofNullable(pod.getStatus().getPhase()).orElse("");
    return pod.getMetadata().getDeletionTimestamp() != null
        || phase.equals("Succeeded")
        || phase.equals("Failed");
  }

  String name() {
    return pod.getMetadata().getName();
  }

  /** When it was made. */
  Optional<Instant> made() {
    return instant(Optional.ofNullable(pod.getMetadata().getCreationTimestamp()));
  }

  /** Where its metrics are; absent while it has no address. */
  Optional<Endpoint> metrics() {
    return Optional.ofNullable(pod.getStatus().getPodIP())
        .filter(address -> !address.isEmpty())
        .map(host -> new Endpoint(host, spec.metrics().port(), spec.metrics().path()));
  }

  /** The container whose memory counts, if it can be told. */
  Optional<Container> governed() {
    return inside.governed(spec.memory().named(), spec.metrics().port());
  }

  /** The pod, given what came of asking it. */
  Pod pod(Scrape.Outcome outcome) {
    OptionalLong told =
        outcome instanceof Scrape.Answered(Reading reading)
            ? reading.memoryLimit()
            : OptionalLong.empty();
    return pod(told, state(outcome));
  }

  /** The pod, where it answered and {@code why} its memory isn't known: no matter in a new one. */
  Pod unmeasured(String why) {
    return pod(
        OptionalLong.empty(),
        isNew() && !lacksContainer()
            ? new Pod.Starting(occupancy(false))
            : state(new Scrape.Failed(why)));
  }

  private Pod pod(OptionalLong told, Pod.State state) {
    Optional<Container> governed = governed();
    return new Pod(
        name(),
        template(pod),
        inside.ready(),
        marks(),
        governed.map(inside::memoryLimit).orElse(told),
        inside.outOfMemory(governed),
        state);
  }

  private Pod.State state(Scrape.Outcome outcome) {
    if (lacksContainer()) {
      return new Pod.Missing(
          "it has no container %s, which spec.memory.container names"
              .formatted(spec.memory().named().orElse("")));
    }
    return switch (outcome) {
      case Scrape.Answered(Reading reading) when counts(reading) -> observed(reading);
      case Scrape.Answered ignored -> starting("it answers but isn't ready", occupancy(true));
      case Scrape.Failed(String why) -> starting(why, occupancy(inside.neverReady()));
    };
  }

  private boolean lacksContainer() {
    return spec.memory().named().isPresent() && governed().isEmpty();
  }

  /**
   * Whether the pod serves, or did: one that starts has no connections, and one that lost its
   * readiness still holds those it had.
   */
  private boolean counts(Reading reading) {
    return inside.ready() || reading.draining() || reading.active() > 0 || marks().draining();
  }

  private boolean isNew() {
    return !marks().draining()
        && made().filter(made -> now.isBefore(made.plus(FIRST_FIGURES))).isPresent();
  }

  private static Pod.State observed(Reading reading) {
    return reading.workingSet() > 0 || reading.live().isPresent()
        ? reading.observed()
        : new Pod.Missing(
            "it publishes no memory: neither berth_memory_working_set_bytes nor"
                + " berth_memory_live_bytes; spec.memory.source: Metrics needs none");
  }

  private Pod.State starting(String why, Pod.Occupancy occupancy) {
    Optional<String> broken = inside.stuck().or(inside::crashed);
    if (broken.isPresent()) {
      return new Pod.Missing(broken.get(), occupancy);
    }
    return inside.ready() || marks().draining()
        ? new Pod.Missing(why, occupancy)
        : new Pod.Starting(occupancy);
  }

  private Pod.Occupancy occupancy(boolean empty) {
    if (!inside.running()) {
      return Pod.Occupancy.NOT_RUNNING;
    }
    return empty ? Pod.Occupancy.EMPTY : Pod.Occupancy.OCCUPIED;
  }

  /** What it was made from, as its controller tells: a ReplicaSet, Argo's, or one of revisions. */
  static String template(io.fabric8.kubernetes.api.model.Pod pod) {
    Map<String, String> labels =
        Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    return Stream.of("pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash")
        .flatMap(key -> Optional.ofNullable(labels.get(key)).stream())
        .findFirst()
        .orElse("");
  }

  private Pod.Marks marks() {
    return marks(pod, now);
  }

  /**
   * What is written on a pod. A drain whose beginning can't be read, or is still to come, as
   * another node's clock told it, began {@code now}.
   */
  static Pod.Marks marks(io.fabric8.kubernetes.api.model.Pod pod, Instant now) {
    Map<String, String> notes =
        Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
    Optional<Long> limit = number(note(notes, Annotations.LIMIT));
    return new Pod.Marks(
        limit
            .filter(each -> each <= Integer.MAX_VALUE)
            .map(each -> OptionalInt.of(each.intValue()))
            .orElse(OptionalInt.empty()),
        number(note(notes, Annotations.GENERATION)).orElse(0L),
        drain(notes, now),
        "true".equals(notes.get(Annotations.LEAVE_WHEN_FULL)));
  }

  private static Pod.Drain drain(Map<String, String> notes, Instant now) {
    if (!"true".equals(notes.get(Annotations.DRAIN))) {
      return new Pod.Drain.None();
    }
    return notes.containsKey(Annotations.DRAIN_STARTED)
        ? new Pod.Drain.ByOperator(
            instant(note(notes, Annotations.DRAIN_STARTED)).filter(now::isAfter).orElse(now),
            MarkedPods.chosen(notes))
        : new Pod.Drain.ByHand();
  }

  private static Optional<String> note(Map<String, String> notes, String key) {
    return Optional.ofNullable(notes.get(key));
  }

  private static Optional<Long> number(Optional<String> text) {
    return text.filter(NUMBER.asMatchPredicate()).map(Long::valueOf);
  }

  private static Optional<Instant> instant(Optional<String> text) {
    try {
      return text.map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }
}
