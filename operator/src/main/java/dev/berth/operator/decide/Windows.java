package dev.berth.operator.decide;

import dev.berth.operator.decide.Behavior.Rate;
import dev.berth.operator.decide.Behavior.Rules;
import dev.berth.operator.decide.Behavior.Select;
import dev.berth.operator.decide.Behavior.Unit;
import dev.berth.operator.decide.History.Scaled;
import dev.berth.operator.decide.History.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far the number of pods may move now: HorizontalPodAutoscaler v2's stabilization windows and
 * scaling policies.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior">
 *     Configurable scaling behavior</a>
 */
final class Windows {
  private Windows() {}

  /**
   * The replicas nearest to {@code current} that the windows agree on: upward the least wanted
   * within scaleUp's, downward the most wanted within scaleDown's.
   */
  static int stabilized(
      int current, int wanted, Behavior behavior, List<Wanted> before, Instant now) {
    int up = wanted;
    int down = wanted;
    for (Wanted each : before) {
      if (each.at().isAfter(now.minus(behavior.scaleUp().stabilization()))) {
        up = Math.min(up, each.replicas());
      }
      if (each.at().isAfter(now.minus(behavior.scaleDown().stabilization()))) {
        down = Math.max(down, each.replicas());
      }
    }
    return Math.min(Math.max(current, up), down);
  }

  /** The most replicas that scaleUp's rates allow now. */
  static int most(int current, Rules rules, List<Scaled> before, Instant now) {
    return bound(current, rules, before, now, 1);
  }

  /** The fewest replicas that scaleDown's rates allow now. */
  static int fewest(int current, Rules rules, List<Scaled> before, Instant now) {
    return bound(current, rules, before, now, -1);
  }

  private static int bound(
      int current, Rules rules, List<Scaled> before, Instant now, int direction) {
    if (rules.select() == Select.DISABLED) {
      return current;
    }
    if (rules.rates().isEmpty()) {
      return direction > 0 ? Integer.MAX_VALUE : 0;
    }
    IntStream bounds =
        rules.rates().stream().mapToInt(rate -> bound(current, rate, before, now, direction));
    // The largest change upward is the highest bound, downward the lowest.
    boolean highest = (rules.select() == Select.MAX) == (direction > 0);
    int bound = (highest ? bounds.max() : bounds.min()).orElse(current);
    return direction > 0 ? Math.max(current, bound) : Math.clamp(bound, 0, current);
  }

  private static int bound(
      int current, Rate rate, List<Scaled> before, Instant now, int direction) {
    int moved =
        before.stream()
            .filter(each -> each.at().isAfter(now.minus(rate.period())))
            .mapToInt(Scaled::change)
            .sum();
    int start = current - moved;
    if (rate.unit() == Unit.PODS) {
      return start + direction * rate.value();
    }
    double part = start * (1 + direction * rate.value() / 100.0);
    return (int) (direction > 0 ? Math.ceil(part) : Math.floor(part));
  }
}
