package dev.berth.operator.apply;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.PodReport;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Episode;
import dev.berth.operator.decide.Spelling;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import dev.berth.operator.policy.StatusCondition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A policy's status from a decision, or from the want of one. Pure. */
public final class StatusReport {
  /** As many pods are told as matter most. */
  static final int MOST_PODS = 50;

  private StatusReport() {}

  /**
   * The status after a decision.
   *
   * @param before the status before
   * @param scaled whether the number of pods was just changed
   */
  public static ConnectionPolicyStatus of(
      Decision decision,
      ConnectionPolicyStatus before,
      long generation,
      boolean scaled,
      Instant now) {
    Report report = decision.report();
    var figures = report.figures();
    return new ConnectionPolicyStatus(
        generation,
        report.currentReplicas(),
        report.desiredReplicas(),
        report.connectionLimit().isPresent() ? report.connectionLimit().getAsInt() : null,
        figures.activeConnections(),
        (int) Math.round(figures.rejectedPerSecond()),
        (int) Math.round(100 * figures.saturation()),
        figures.bytesPerConnection(),
        scaled ? time(now) : before.lastScaleTime(),
        report.reason(),
        report.pods().stream().limit(MOST_PODS).map(StatusReport::pod).toList(),
        report.conditions().stream()
            .map(each -> condition(each, before, generation, now))
            .toList());
  }

  /**
   * The status while nothing can be decided: what was known stays, Ready and AbleToScale are False
   * for {@code reason}, MetricsAvailable is Unknown.
   *
   * @param reason one word in CamelCase
   * @param sentence why, for people
   */
  public static ConnectionPolicyStatus without(
      String reason, String sentence, ConnectionPolicyStatus before, long generation, Instant now) {
    var conditions = new ArrayList<StatusCondition>();
    for (var condition :
        List.of(
            new Condition(Condition.Type.READY, Condition.State.FALSE, reason, sentence),
            new Condition(
                Condition.Type.METRICS_AVAILABLE, Condition.State.UNKNOWN, reason, sentence),
            new Condition(Condition.Type.ABLE_TO_SCALE, Condition.State.FALSE, reason, sentence))) {
      conditions.add(condition(condition, before, generation, now));
    }
    return new ConnectionPolicyStatus(
        generation,
        null,
        null,
        before.connectionLimit(),
        null,
        null,
        null,
        before.bytesPerConnection(),
        before.lastScaleTime(),
        sentence,
        List.of(),
        conditions);
  }

  /**
   * The status with Ready False for a failure that is expected to pass; the rest stays, and pods as
   * they were written last.
   */
  public static ConnectionPolicyStatus failed(
      String reason, String sentence, ConnectionPolicyStatus before, long generation, Instant now) {
    var conditions = new ArrayList<StatusCondition>();
    conditions.add(
        condition(
            new Condition(Condition.Type.READY, Condition.State.FALSE, reason, sentence),
            before,
            generation,
            now));
    Optional.ofNullable(before.conditions()).orElse(List.of()).stream()
        .filter(each -> !each.type().equals("Ready"))
        .forEach(conditions::add);
    return new ConnectionPolicyStatus(
        before.observedGeneration(),
        before.currentReplicas(),
        before.desiredReplicas(),
        before.connectionLimit(),
        before.activeConnections(),
        before.rejectedPerSecond(),
        before.saturation(),
        before.bytesPerConnection(),
        before.lastScaleTime(),
        before.reason(),
        null,
        conditions);
  }

  /** The states of a status's conditions. */
  public static Map<Condition.Type, Condition.State> states(ConnectionPolicyStatus status) {
    var states = new EnumMap<Condition.Type, Condition.State>(Condition.Type.class);
    for (Condition.Type type : Condition.Type.values()) {
      status
          .condition(Spelling.upperCamelCase(type))
          .ifPresent(told -> {
            for (Condition.State state : Condition.State.values()) {
              if (told.status().equals(Spelling.upperCamelCase(state))) {
                states.put(type, state);
              }
            }
          });
    }
    return states;
  }

  /**
   * The states that were told of when they began, by the status. Of one that holds no more the end
   * may not have been told yet. That it held before is certain only where the policy was Ready by
   * then: conditions that come with a policy, or with its pods, are as new.
   */
  public static Map<Condition.Type, Episode> episodes(ConnectionPolicyStatus status) {
    Optional<Instant> ready =
        status
            .condition("Ready")
            .filter(each -> each.status().equals("True"))
            .flatMap(each -> instant(each.lastTransitionTime()));
    var episodes = new EnumMap<Condition.Type, Episode>(Condition.Type.class);
    Map.of(
            Condition.Type.PRESSURE, Condition.State.TRUE,
            Condition.Type.METRICS_AVAILABLE, Condition.State.FALSE,
            Condition.Type.CONFLICT, Condition.State.TRUE)
        .forEach((type, state) ->
            status
                .condition(Spelling.upperCamelCase(type))
                .flatMap(each -> episode(each, state, ready))
                .ifPresent(each -> episodes.put(type, each)));
    return episodes;
  }

  private static Optional<Episode> episode(
      StatusCondition condition, Condition.State state, Optional<Instant> ready) {
    Optional<Instant> since = instant(condition.lastTransitionTime());
    return condition.status().equals(Spelling.upperCamelCase(state))
        ? since.map(Episode::resumed)
        : since.filter(at -> ready.filter(at::isAfter).isPresent()).map(Episode::away);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private static StatusCondition condition(
      Condition condition, ConnectionPolicyStatus before, long generation, Instant now) {
    String type = Spelling.upperCamelCase(condition.type());
    String status = Spelling.upperCamelCase(condition.state());
    String since =
        before
            .condition(type)
            .filter(each -> each.status().equals(status))
            .map(StatusCondition::lastTransitionTime)
            .orElseGet(() -> time(now));
    return new StatusCondition(
        type, status, condition.reason(), condition.message(), since, generation);
  }

  private static PodStatus pod(PodReport pod) {
    boolean inside = pod.phase() == PodReport.Phase.SERVING || pod.memory() > 0;
    return new PodStatus(
        pod.name(),
        PodStatus.Phase.valueOf(pod.phase().name()),
        inside ? pod.active() : null,
        pod.limit() == 0 ? null : pod.limit(),
        inside ? pod.appliedLimit() : null,
        pod.memory() == 0 ? null : pod.memory(),
        pod.memoryLimit() == 0 ? null : pod.memoryLimit());
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
