package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Figures;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.History.Scaled;
import dev.berth.operator.decide.History.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One round of the control loop, as a pure function: what was seen goes in, what to change comes
 * out.
 *
 * <pre>
 *  observation ─► Learning ─► Limits ─► Demand ─► Replicas ─► DrainWave, Victims ─► Decision
 *                 (cost)      (per pod)            (windows)   (held by Guards)
 * </pre>
 */
public final class Round {
  private static final Duration PANIC = Duration.ofSeconds(60);

  private final Policy policy;
  private final Observation seen;
  private final History history;
  private final Instant now;
  private final CostBook book;
  private final Optional<String> hold;
  private final Limits allowed;
  private final History remembered;
  private final Demand demand;
  private final Trend trend;
  private final Lost lost;
  private final DrainWave wave;

  private Round(Policy policy, Observation all, History history, Instant now) {
    this.policy = policy;
    this.seen = all.withoutLeaving();
    this.history = history;
    this.now = now;
    this.book = Learning.learn(history.cost(), seen, history, now);
    this.hold = Guards.hold(policy, seen);
    this.allowed = Limits.of(policy, seen, book, history, hold.isPresent(), now);
    this.remembered = history.with(allowed.remember(seen, history, now));
    Trend arrived = arrivals(history.trend());
    this.wave = new DrainWave(seen.workload().replicas(), seen.draining());
    this.lost = Lost.of(seen, wave.staying(), remembered, arrived, now);
    this.demand = Demand.of(seen, lost, remembered, history, now);
    this.trend = arrived.with(demand.atLeast(), now);
  }

  /**
   * Decides what to change.
   *
   * @param policy what the user wants
   * @param seen what one look at the workload showed
   * @param history the history of the decision before, or {@link History#NONE}
   * @param now not before the round before; a clock that went back counts as standing still
   */
  public static Decision decide(Policy policy, Observation seen, History history, Instant now) {
    Instant after = history.at().filter(last -> last.isAfter(now)).orElse(now);
    return new Round(policy, seen, history, after).decide();
  }

  /**
   * The trend after the pods that answered now for the first time, and were seen to start: one that
   * could only not be asked may have served for long.
   */
  private Trend arrivals(Trend before) {
    List<Duration> took =
        seen.pods().stream()
            .filter(pod -> pod.observed().isPresent())
            .flatMap(pod -> history.pod(pod.name()).stream())
            .filter(known -> known.life().starting() && known.life().answered().isEmpty())
            .map(known -> Duration.between(known.life().first(), now))
            .sorted()
            .toList();
    Trend next = before;
    for (Duration each : took) {
      next = next.withStart(each);
    }
    return next;
  }

  private Decision decide() {
    List<Pod> serving = seen.serving();
    int missed = missed();
    double saturation = saturation(serving);
    boolean alarm =
        Demand.refusedNow(seen, history, now)
            || saturation * 100 >= policy.connections().panicUtilization();
    Optional<Instant> panicUntil = alarm ? Optional.of(now.plus(PANIC)) : history.panicUntil();
    boolean panic = panicUntil.map(now::isBefore).orElse(false);
    History windows =
        history.at().isEmpty()
            ? remembered.with(List.of(new Wanted(now, Math.max(1, wave.staying()))), List.of())
            : remembered;
    Replicas replicas = replicas(serving, missed, panic, windows);
    Limits limits =
        allowed.with(
            Balance.of(policy, seen, allowed, demand, trend, tooMany(replicas), history, now));
    Rotation rotation = Rotation.of(policy, seen, limits, demand, trend);
    Optional<String> fixed = Guards.scaling(policy);
    boolean undo = hold.isPresent() ? Guards.takesBack(policy, seen.workload()) : fixed.isPresent();
    Plan plan =
        undo
            ? Plan.undo(wave)
            : hold.isPresent()
                ? Plan.NONE
                : Plan.of(policy, seen, limits, wave, lost, replicas, panic, now);
    Actions actions =
        hold.isPresent()
            ? Actions.undrain(plan.undrain())
            : new Actions(
                limits.changes(policy, seen),
                rotation.leave(seen),
                rotation.stay(seen),
                plan.undrain(),
                plan.drain(),
                plan.scale());
    var figures =
        new Figures(
            demand.active(),
            demand.rejectedPerSecond(),
            saturation,
            book.cost(),
            book.base(),
            book.trust());
    var story =
        new Story(
            policy,
            seen,
            history,
            limits,
            rotation,
            replicas,
            plan,
            hold,
            fixed,
            Episodes.of(policy, seen, limits, hold.isPresent(), history, now));
    var report =
        new Report(
            seen.workload().replicas(),
            hold.isPresent() && seen.workload().replicas() == 0 ? 0 : replicas.desired(),
            limits.common(),
            figures,
            story.reason(),
            story.conditions(actions),
            story.events(actions),
            story.pods());
    return new Decision(
        actions,
        report,
        new History(
            book,
            hold.isPresent() ? remembered.pods() : limits.withShares(remembered.pods()),
            limits.common(),
            hold.isPresent() ? limits.told() : limits.common(),
            limits.raised(),
            wanted(windows, replicas),
            scaled(plan),
            panicUntil,
            trend,
            demand.refused(),
            Math.clamp((long) demand.active() + demand.waiting(), 0, Integer.MAX_VALUE),
            missed,
            story.episodes().open(),
            Optional.of(now)));
  }

  /** Whether a pod is to go as soon as the windows let it. */
  private boolean tooMany(Replicas replicas) {
    return policy.mode() == Policy.UpdateMode.AUTO
        && Math.max(replicas.raw(), policy.minReplicas()) < wave.staying();
  }

  private Replicas replicas(List<Pod> serving, int missed, boolean panic, History windows) {
    int staying = wave.staying();
    var fallback = policy.fallback().replicas();
    if (missed >= policy.fallback().failureThreshold() && fallback.isPresent()) {
      int at =
          Math.clamp(
              Math.max(policy.minReplicas(), fallback.get()),
              staying,
              Math.max(staying, policy.maxReplicas()));
      return Replicas.hold(
          at,
          "no pod could be observed %d times in a row; fallback to %d pods".formatted(missed, at));
    }
    int apart = seen.drainedByHand().size();
    boolean none = serving.isEmpty() && wave.pods().isEmpty() && apart == 0;
    if (allowed.common().isEmpty() || none) {
      return unseen(staying);
    }
    int limit = mean(serving, allowed.common().getAsInt());
    double memory = Replicas.byMemory(policy, serving, book);
    return Replicas.of(
        policy,
        demand,
        trend,
        limit,
        staying,
        wave.pods().size(),
        apart,
        lost,
        memory,
        panic,
        windows,
        now);
  }

  private Replicas unseen(int staying) {
    int within = Math.clamp(staying, policy.minReplicas(), policy.maxReplicas());
    return Replicas.hold(
        within,
        within == staying
            ? (observedBefore() ? "no pod can be observed" : "no pod could be observed yet")
                + "; replicas are held"
            : "%d pods are outside of minReplicas %d and maxReplicas %d"
                .formatted(staying, policy.minReplicas(), policy.maxReplicas()));
  }

  private boolean observedBefore() {
    return history.pods().values().stream().anyMatch(pod -> pod.life().answered().isPresent());
  }

  private int mean(List<Pod> serving, int common) {
    double mean =
        serving.stream()
            .mapToInt(pod -> allowed.capacity(pod).orElse(common))
            .average()
            .orElse(common);
    return Math.max(1, (int) mean);
  }

  private double saturation(List<Pod> serving) {
    double active = serving.stream().mapToDouble(Pod::active).sum();
    long limit = serving.stream().mapToLong(pod -> allowed.capacity(pod).orElse(0)).sum();
    return limit == 0 ? 0 : active / limit;
  }

  private int missed() {
    boolean blind =
        !seen.missing().isEmpty() && seen.pods().stream().allMatch(pod -> pod.observed().isEmpty());
    return blind ? history.missed() + 1 : 0;
  }

  /** One entry for each number of pods: when it was last wanted is all that a window asks. */
  private List<Wanted> wanted(History windows, Replicas replicas) {
    int raw = Math.clamp(replicas.raw(), policy.minReplicas(), policy.maxReplicas());
    Instant oldest = now.minus(policy.behavior().memory());
    var next = new ArrayList<Wanted>();
    for (Wanted each : windows.wanted()) {
      if (each.replicas() != raw && each.at().isAfter(oldest)) {
        next.add(each);
      }
    }
    next.add(new Wanted(now, raw));
    return next;
  }

  private List<Scaled> scaled(Plan plan) {
    Instant oldest = now.minus(policy.behavior().memory());
    var next =
        new ArrayList<>(
            history.scaled().stream().filter(each -> each.at().isAfter(oldest)).toList());
    int change =
        plan.undrain().size()
            - plan.drain().size()
            + (plan.scale() instanceof Scale.Up(int to) ? to - wave.replicas() : 0);
    if (change != 0) {
      next.add(new Scaled(now, change));
    }
    return next;
  }
}
