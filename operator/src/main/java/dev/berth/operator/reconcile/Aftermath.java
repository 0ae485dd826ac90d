package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Carried;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.History.Scaled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision as it stands after only a part of it was carried out: told is what was done, and
 * remembered is what was seen and done, so that the next round begins from there. Pure.
 */
final class Aftermath {
  private final Decision decision;
  private final Actions done;
  private final History before;

  private Aftermath(Decision decision, Actions done, History before) {
    this.decision = decision;
    this.done = done;
    this.before = before;
  }

  /**
   * What is left of a decision.
   *
   * @param before the history that it was made from
   * @param notReady why the rest wasn't carried out, as the condition Ready; absent without failure
   */
  static Decision of(
      Decision decision, Carried carried, History before, Optional<Condition> notReady) {
    if (carried.whole()) {
      return decision;
    }
    var aftermath = new Aftermath(decision, carried.done(), before);
    return new Decision(carried.done(), aftermath.report(notReady), aftermath.history());
  }

  private Report report(Optional<Condition> notReady) {
    Report report = decision.report();
    return new Report(
        report.currentReplicas(),
        report.desiredReplicas(),
        report.connectionLimit(),
        report.figures(),
        report.reason(),
        report.conditions().stream()
            .map(each -> each.type() == Condition.Type.READY ? notReady.orElse(each) : each)
            .toList(),
        report.events().stream().filter(this::happened).toList(),
        report.pods());
  }

  private boolean happened(Event event) {
    return switch (event.kind()) {
      case LIMIT_CHANGED, REBALANCING -> !done.limits().isEmpty();
      case SCALED -> !(done.scale() instanceof Scale.Keep);
      case DRAINING -> !done.drain().isEmpty();
      case DRAIN_UNDONE -> !done.undrain().isEmpty();
      case PRESSURE, PRESSURE_EASED, METRICS_MISSING, METRICS_BACK, CONFLICT, CONFLICT_RESOLVED ->
          true;
    };
  }

  private History history() {
    History next = decision.history();
    // A limit that no pod has yet is told of once one has
    boolean noLimit = !decision.actions().limits().isEmpty() && done.limits().isEmpty();
    return new History(
        next.cost(),
        next.pods(),
        noLimit ? before.limit() : next.limit(),
        noLimit ? before.told() : next.told(),
        noLimit ? before.limitRaised() : next.limitRaised(),
        next.wanted(),
        scaled(),
        next.panicUntil(),
        next.trend(),
        next.refused(),
        next.held(),
        next.missed(),
        next.episodes(),
        next.at());
  }

  /** The changes of replicas, with that of this round as far as it was made. */
  private List<Scaled> scaled() {
    var all = new ArrayList<>(decision.history().scaled());
    Optional<Instant> now = decision.history().at();
    int decided =
        all.stream()
            .filter(each -> now.equals(Optional.of(each.at())))
            .mapToInt(Scaled::change)
            .sum();
    all.removeIf(each -> now.equals(Optional.of(each.at())));
    Actions wanted = decision.actions();
    int added = decided - wanted.undrain().size() + wanted.drain().size();
    int change =
        done.undrain().size()
            - done.drain().size()
            + (done.scale() instanceof Scale.Up ? added : 0);
    if (change != 0) {
      now.ifPresent(at -> all.add(new Scaled(at, change)));
    }
    return all;
  }
}
