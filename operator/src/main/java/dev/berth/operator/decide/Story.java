package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Event.Kind;
import dev.berth.operator.decide.Decision.PodReport;
import dev.berth.operator.decide.Decision.PodReport.Phase;
import dev.berth.operator.decide.Decision.Scale;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a round tells of itself: the reason, the conditions, the events, the pods. */
record Story(
    Policy policy,
    Observation seen,
    History history,
    Limits limits,
    Rotation rotation,
    Replicas replicas,
    Plan plan,
    Optional<String> hold,
    Optional<String> fixed,
    Episodes episodes) {

  String reason() {
    return hold.map(why -> why + "; " + replicas.reason())
        .orElseGet(() ->
            replicas.reason()
                + (plan.note().isEmpty() ? "" : "; " + plan.note())
                + "; "
                + limits.reason()
                + (limits.balance().reason().isEmpty() ? "" : "; " + limits.balance().reason())
                + (rotation.reason().isEmpty() ? "" : "; " + rotation.reason()));
  }

  List<Condition> conditions(Actions actions) {
    return List.of(
        ready(actions), metrics(), ableToScale(), scalingLimited(), pressure(), conflict());
  }

  private Condition ready(Actions actions) {
    Workload workload = seen.workload();
    if (workload.conflict().isPresent()) {
      return new Condition(
          Condition.Type.READY, Condition.State.FALSE, "Conflict", hold.orElse(""));
    }
    if (workload.paused().isPresent()) {
      return new Condition(Condition.Type.READY, Condition.State.FALSE, "Paused", hold.orElse(""));
    }
    if (workload.replicas() == 0) {
      return new Condition(
          Condition.Type.READY, Condition.State.FALSE, "ScaledToZero", hold.orElse(""));
    }
    if (limits.common().isEmpty()
        || seen.pods().stream().allMatch(pod -> pod.observed().isEmpty())) {
      return new Condition(
          Condition.Type.READY,
          Condition.State.FALSE,
          "NoPodObserved",
          "no pod could be observed" + (actions.isEmpty() ? "; nothing is changed" : ""));
    }
    String message = Limits.memory(seen).isEmpty() ? limits.reason() : "";
    return new Condition(
        Condition.Type.READY,
        Condition.State.TRUE,
        policy.mode() == Policy.UpdateMode.OFF ? "Recommending" : "Governing",
        message);
  }

  private Condition metrics() {
    List<Pod> missing = seen.missing();
    if (missing.isEmpty()) {
      return seen.pods().stream().allMatch(pod -> pod.observed().isEmpty())
          ? new Condition(
              Condition.Type.METRICS_AVAILABLE,
              Condition.State.UNKNOWN,
              "NoPodReady",
              "no pod is ready yet")
          : new Condition(
              Condition.Type.METRICS_AVAILABLE, Condition.State.TRUE, "PodsObserved", "");
    }
    String some =
        missing.stream()
            .sorted(Comparator.comparing(Pod::name))
            .limit(3)
            .map(pod -> pod.name() + ": " + ((Pod.Missing) pod.state()).why())
            .collect(Collectors.joining("; "));
    return new Condition(
        Condition.Type.METRICS_AVAILABLE,
        Condition.State.FALSE,
        "PodsMissing",
        "%d of %d pods can't be observed: %s".formatted(missing.size(), seen.pods().size(), some));
  }

  private Condition ableToScale() {
    return hold.or(() -> fixed)
        .map(why -> new Condition(Condition.Type.ABLE_TO_SCALE, Condition.State.FALSE, "Held", why))
        .orElseGet(() ->
            new Condition(Condition.Type.ABLE_TO_SCALE, Condition.State.TRUE, "ReadyToScale", ""));
  }

  private Condition scalingLimited() {
    return unremovable()
        .or(() -> replicas.bound().map(Replicas.Bound::condition))
        .orElseGet(() ->
            new Condition(
                Condition.Type.SCALING_LIMITED, Condition.State.FALSE, "DesiredWithinRange", ""));
  }

  private Optional<Condition> unremovable() {
    return Guards.unremovable(seen, replicas.desired())
        .filter(why -> hold.isEmpty() && fixed.isEmpty())
        .map(why ->
            new Condition(
                Condition.Type.SCALING_LIMITED, Condition.State.TRUE, "RemovalOrderUnknown", why));
  }

  private Condition pressure() {
    if (limits.pressed() > 0) {
      return new Condition(
          Condition.Type.PRESSURE,
          Condition.State.TRUE,
          "MemoryPressure",
          "under pressure at %2$d %% of memory or more: %1$s"
              .formatted(Count.pods(limits.pressed()), policy.memory().pressureUtilization()));
    }
    return limits.cuts().isEmpty()
        ? new Condition(Condition.Type.PRESSURE, Condition.State.FALSE, "MemoryWithinTarget", "")
        : new Condition(
            Condition.Type.PRESSURE,
            Condition.State.FALSE,
            "Recovering",
            "limits rise again, after pressure, an out-of-memory kill or a restart of the operator: %s"
                .formatted(Count.pods(limits.cuts().size())));
  }

  private Condition conflict() {
    return seen.workload()
        .conflict()
        .map(who ->
            new Condition(
                Condition.Type.CONFLICT, Condition.State.TRUE, "TargetShared", who.sentence()))
        .orElseGet(() ->
            new Condition(Condition.Type.CONFLICT, Condition.State.FALSE, "OnlyGovernor", ""));
  }

  /** What changed since the last round. */
  List<Event> events(Actions actions) {
    var events = new ArrayList<Event>();
    if (!actions.limits().isEmpty() && !limits.common().equals(limits.told())) {
      events.add(new Event(Kind.LIMIT_CHANGED, limits.reason()));
    }
    if (!actions.undrain().isEmpty()) {
      events.add(
          new Event(
              Kind.DRAIN_UNDONE,
              "%s serve again: %s".formatted(names(actions.undrain()), whyUndrained())));
    }
    if (!actions.drain().isEmpty()) {
      events.add(
          new Event(Kind.DRAINING, "%s: %s".formatted(names(actions.drain()), replicas.reason())));
    }
    if (!actions.limits().isEmpty() && evens()) {
      events.add(new Event(Kind.REBALANCING, limits.balance().reason()));
    }
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up(int to) -> events.add(scaled(to, replicas.reason()));
      case Scale.Remove(int to, var pods) ->
          events.add(scaled(to, "%s removed: %s".formatted(names(pods), plan.note())));
    }
    events.addAll(episodes.events());
    return events;
  }

  private String whyUndrained() {
    return hold.or(() -> fixed).orElse(plan.note().isEmpty() ? replicas.reason() : plan.note());
  }

  /** Whether a pod has a share that had none the round before. */
  private boolean evens() {
    return limits.balance().shares().keySet().stream()
        .anyMatch(name -> history.pod(name).map(known -> known.share().isEmpty()).orElse(true));
  }

  private Event scaled(int to, String why) {
    return new Event(Kind.SCALED, "%d → %d: %s".formatted(seen.workload().replicas(), to, why));
  }

  private static String names(Set<String> pods) {
    return String.join(", ", new TreeSet<>(pods));
  }

  /** Each pod's line: missing and draining ones first, then by connections. */
  List<PodReport> pods() {
    return seen.pods().stream()
        .map(this::line)
        .sorted(
            Comparator.comparing(PodReport::phase, Comparator.reverseOrder())
                .thenComparing(Comparator.comparingInt(PodReport::active).reversed())
                .thenComparing(PodReport::name))
        .toList();
  }

  private PodReport line(Pod pod) {
    var inside = pod.observed();
    return new PodReport(
        pod.name(),
        phase(pod),
        pod.active(),
        pod.marks().draining() ? pod.marks().limit().orElse(0) : limits.of(pod).orElse(0),
        pod.enforced().orElse(0),
        inside.map(Pod.Observed::workingSet).orElse(0L),
        pod.memoryLimit().orElse(0));
  }

  private static Phase phase(Pod pod) {
    if (pod.marks().draining()) {
      return Phase.DRAINING;
    }
    return switch (pod.state()) {
      case Pod.Observed ignored -> Phase.SERVING;
      case Pod.Starting ignored -> Phase.STARTING;
      case Pod.Missing ignored -> Phase.MISSING;
    };
  }
}
