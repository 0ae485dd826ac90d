package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Condition;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is kept of one policy: what its last round told, and its counters. Nothing is told until its
 * first round.
 *
 * <p>{@code last} is written by the policy's rounds, one at a time, and read by whoever scrapes.
 */
final class PolicySeries {
  private final Map<Action, AtomicLong> actions = new EnumMap<>(Action.class);
  private final AtomicLong scrapeFailures = new AtomicLong();
  private final Durations rounds = new Durations();
  private volatile Optional<Told> last = Optional.empty();

  PolicySeries() {
    for (Action action : Action.values()) {
      actions.put(action, new AtomicLong());
    }
  }

  void record(Decision decision, Duration round) {
    last = Optional.of(Told.of(decision.report()));
    Action.of(decision.actions()).forEach(action -> counter(action).incrementAndGet());
    rounds.record(round);
  }

  void record(Map<Condition.Type, Condition.State> conditions, Duration round) {
    last = Optional.of(new Told(conditions, Optional.empty()));
    rounds.record(round);
  }

  void scrapeFailed() {
    scrapeFailures.incrementAndGet();
  }

  Optional<Told> last() {
    return last;
  }

  long count(Action action) {
    return counter(action).get();
  }

  private AtomicLong counter(Action action) {
    return Objects.requireNonNull(actions.get(action));
  }

  long scrapeFailures() {
    return scrapeFailures.get();
  }

  Durations rounds() {
    return rounds;
  }
}
