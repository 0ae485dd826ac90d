package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many pods there should be, and why.
 *
 * @param raw before windows, rates and bounds
 * @param desired after them
 * @param reason one sentence with its figures
 * @param bound what held {@code desired} away from {@code raw}; absent when nothing did
 */
record Replicas(int raw, int desired, String reason, Optional<Bound> bound) {

  /** What held the number of pods; {@code word} as HorizontalPodAutoscaler calls it. */
  record Bound(String word, String sentence) {
    Condition condition() {
      return new Condition(Condition.Type.SCALING_LIMITED, Condition.State.TRUE, word, sentence);
    }
  }

  /** Stay at {@code replicas}, for the reason given. */
  static Replicas hold(int replicas, String reason) {
    return new Replicas(replicas, replicas, reason, Optional.empty());
  }

  /**
   * The pods that the demand needs, given {@code serving} of them with {@code limit} connections
   * each: so many that use is at the target, and that it doesn't pass panicUtilization within the
   * trend's horizon. The room between the two is for what comes while pods start.
   *
   * @param draining further pods, which are being emptied and may serve again
   * @param apart those of {@code serving} that are drained by hand: they hold nobody, and stay
   * @param lost those of {@code serving} that have been away too long to count as capacity
   * @param memory pods that memory in use fills to the target, 0 where it is not known
   */
  static Replicas of(
      Policy policy,
      Demand demand,
      Trend trend,
      int limit,
      int serving,
      int draining,
      int apart,
      Lost lost,
      double memory,
      boolean panic,
      History history,
      Instant now) {
    double target = policy.connections().targetUtilization() / 100.0 * limit;
    double most = policy.connections().panicUtilization() / 100.0 * limit;
    int away = lost.replaced() + apart;
    int able = serving - away;
    int filled = memory > 0 ? pods(memory, 1) : 0;
    int needed = Math.max(pods(demand.atLeast(), target), filled) + away;
    double coming = trend.coming();
    int soon = coming > 0 ? pods(demand.atLeast() + coming, most) + away : 0;
    int down = Math.max(Math.max(pods(demand.atMost(limit), target), filled) + apart, soon);
    double use = use(demand.atLeast(), target, memory, able);
    double useAtMost = use(demand.atMost(limit), target, memory, serving - apart);
    int raw = serving;
    // A refusal alone skips windows, not the tolerance: a pod that is full while others have room
    // needs no further pod.
    boolean crowded = panic && demand.atLeast() >= most * able;
    if (needed > serving && (crowded || use > 1 + policy.behavior().scaleUp().tolerance())) {
      raw = needed;
    } else if (panic && needed > serving && draining > 0) {
      // One that drains comes back for nothing.
      raw = Math.min(needed, serving + draining);
    } else if (down < serving && useAtMost < 1 - policy.behavior().scaleDown().tolerance()) {
      raw = down;
    }
    boolean ahead = soon > Math.max(raw, serving);
    return bounded(
        ahead ? soon : raw,
        (ahead && able > 0
                ? ahead(policy, demand, trend, limit, able)
                : sentence(
                    policy,
                    demand,
                    limit,
                    able,
                    serving,
                    needed,
                    memory > demand.atLeast() / target ? filled : 0,
                    raw))
            + lost.sentence()
            + (apart == 0 ? "" : "; %s drained by hand".formatted(Count.podsAre(apart))),
        policy,
        serving,
        panic,
        history,
        now);
  }

  private static double use(double demand, double target, double memory, int pods) {
    return pods <= 0 ? 2 : Math.max(demand / (pods * target), memory / pods);
  }

  private static String ahead(Policy policy, Demand demand, Trend trend, int limit, int able) {
    return "%.0f connections are wanted, %.0f more each second: they would pass %d %% of %d × %d within %.0f s, and a pod takes %.0f s"
        .formatted(
            demand.atLeast(),
            trend.growth(),
            policy.connections().panicUtilization(),
            able,
            limit,
            trend.horizon().toMillis() / 1000.0,
            trend.start().toMillis() / 1000.0);
  }

  private static int pods(double demand, double target) {
    return (int) Math.clamp(Math.ceil(demand / target - 1e-9), 1, 1_000_000);
  }

  /** {@code raw} within HorizontalPodAutoscaler's windows and rates, and the policy's bounds. */
  static Replicas bounded(
      int raw,
      String reason,
      Policy policy,
      int serving,
      boolean panic,
      History history,
      Instant now) {
    Behavior behavior = policy.behavior();
    int within = Math.clamp(raw, policy.minReplicas(), policy.maxReplicas());
    int calm =
        panic && within > serving
            ? within
            : Windows.stabilized(serving, within, behavior, history.wanted(), now);
    int most = Windows.most(serving, behavior.scaleUp(), history.scaled(), now);
    int fewest = Windows.fewest(serving, behavior.scaleDown(), history.scaled(), now);
    int desired =
        Math.clamp(Math.clamp(calm, fewest, most), policy.minReplicas(), policy.maxReplicas());
    return new Replicas(raw, desired, reason, bound(raw, within, calm, desired, policy));
  }

  /** What held the replicas last, as HorizontalPodAutoscaler looks at it. */
  private static Optional<Bound> bound(int raw, int within, int calm, int desired, Policy policy) {
    if (desired != calm) {
      return Optional.of(
          new Bound(
              desired < calm ? "ScaleUpLimit" : "ScaleDownLimit",
              "%s wanted; the scaling policies allow %d now"
                  .formatted(Count.podsAre(calm), desired)));
    }
    if (calm != within) {
      return Optional.of(
          new Bound(
              calm > within ? "ScaleDownStabilized" : "ScaleUpStabilized",
              "%s wanted; the stabilization window holds %d"
                  .formatted(Count.podsAre(within), calm)));
    }
    if (raw > within) {
      return Optional.of(
          new Bound(
              "TooManyReplicas",
              "%s wanted and maxReplicas is %d"
                  .formatted(Count.podsAre(raw), policy.maxReplicas())));
    }
    return raw < within
        ? Optional.of(
            new Bound(
                "TooFewReplicas",
                "%s would do and minReplicas is %d"
                    .formatted(Count.pods(raw), policy.minReplicas())))
        : Optional.empty();
  }

  /**
   * @param needed pods at the target, without tolerance
   * @param filled pods that memory fills, where those are more than connections do; else 0
   */
  private static String sentence(
      Policy policy,
      Demand demand,
      int limit,
      int able,
      int serving,
      int needed,
      int filled,
      int raw) {
    int target = policy.connections().targetUtilization();
    String refused = demand.unserved();
    if (able <= 0) {
      return "%.0f connections are wanted%s, and no pod serves"
          .formatted(demand.atLeast(), refused);
    }
    double percent = 100 * demand.atLeast() / ((double) able * limit);
    // Near the target a whole number would read as if nothing were over it.
    String shown =
        Math.abs(percent - target) < 1 ? "%.1f".formatted(percent) : "%.0f".formatted(percent);
    String use = "saturation %s %% of %d × %d".formatted(shown, able, limit);
    if (raw > serving && filled > 0) {
      return "memory in use fills %s".formatted(Count.pods(filled)) + refused;
    }
    if (raw > serving) {
      return "%s%s is over the target of %d %%".formatted(use, refused, target);
    }
    if (raw == serving && needed > serving && filled == 0) {
      return "%s%s is within %.0f %% of the target of %d %%: %s"
          .formatted(
              use,
              refused,
              100 * policy.behavior().scaleUp().tolerance(),
              target,
              Count.podsStay(serving));
    }
    return raw < serving
        ? "%s%s: %s would do at the target of %d %%"
            .formatted(use, refused, Count.pods(raw), target)
        : "%s%s needs %s at the target of %d %%"
            .formatted(use, refused, Count.pods(serving), target);
  }

  /**
   * The pods that the memory in use fills to the target, in parts of a pod; 0 where none tells its
   * live memory. The others are taken to be as full as those that do.
   */
  static double byMemory(Policy policy, List<Pod> serving, CostBook book) {
    double filled = 0;
    int telling = 0;
    for (Pod pod : serving) {
      OptionalLong live = pod.observed().map(Pod.Observed::live).orElse(OptionalLong.empty());
      double usable =
          policy.memory().targetUtilization() / 100.0 * pod.memoryLimit().orElse(0) - book.base();
      if (live.isPresent() && usable > 0) {
        telling++;
        filled += Math.max(0, live.getAsLong() - book.needed()) / usable;
      }
    }
    return telling == 0 ? 0 : filled * serving.size() / telling;
  }
}
