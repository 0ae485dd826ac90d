package dev.berth.operator.decide;

import java.time.Duration;
import java.util.List;

/**
 * How fast the number of pods may move, each way: the {@code behavior} of HorizontalPodAutoscaler
 * v2, with its defaults.
 *
 * @param scaleUp the rules upward
 * @param scaleDown the rules downward
 */
public record Behavior(Rules scaleUp, Rules scaleDown) {

  /** Upward: no window; the larger of 4 pods and 100 % each 15 seconds; 10 % tolerance. */
  public static final Rules DEFAULT_UP =
      new Rules(
          Duration.ZERO,
          Select.MAX,
          List.of(
              new Rate(Unit.PODS, 4, Duration.ofSeconds(15)),
              new Rate(Unit.PERCENT, 100, Duration.ofSeconds(15))),
          0.1);

  /** Downward: the highest recommendation of 300 seconds; 100 % each 15 seconds; 10 % tolerance. */
  public static final Rules DEFAULT_DOWN =
      new Rules(
          Duration.ofSeconds(300),
          Select.MAX,
          List.of(new Rate(Unit.PERCENT, 100, Duration.ofSeconds(15))),
          0.1);

  /** HorizontalPodAutoscaler v2's defaults, both ways. */
  public static final Behavior DEFAULT = new Behavior(DEFAULT_UP, DEFAULT_DOWN);

  /** The longest span that a decision looks back on: windows and periods of both directions. */
  Duration memory() {
    return scaleUp.memory().compareTo(scaleDown.memory()) > 0
        ? scaleUp.memory()
        : scaleDown.memory();
  }

  /** Which of several rates counts. */
  public enum Select {
    /** The one that allows the largest change. */
    MAX,
    /** The one that allows the smallest change. */
    MIN,
    /** None: no change in this direction. */
    DISABLED
  }

  /** What a rate's value counts. */
  public enum Unit {
    PODS,
    PERCENT
  }

  /**
   * The most change within a period.
   *
   * @param value pods, or percent of the pods at the period's start; above 0
   * @param period above 0, at most 30 minutes
   */
  public record Rate(Unit unit, int value, Duration period) {
    public Rate {
      Check.that(value > 0, "a scaling policy's value is %d; it must be above 0", value);
      Check.that(
          period.isPositive() && period.compareTo(Duration.ofMinutes(30)) <= 0,
          "a scaling policy's periodSeconds is %d; it must be 1 to 1800",
          period.toSeconds());
    }
  }

  /**
   * The rules of one direction.
   *
   * @param stabilization how long back the most cautious recommendation counts
   * @param rates empty: no bound
   * @param tolerance the part (0.1 is 10 %) by which use may differ from the target without a
   *     change
   */
  public record Rules(Duration stabilization, Select select, List<Rate> rates, double tolerance) {
    public Rules {
      rates = List.copyOf(rates);
      Check.that(
          !stabilization.isNegative() && stabilization.compareTo(Duration.ofHours(1)) <= 0,
          "stabilizationWindowSeconds is %d; it must be 0 to 3600",
          stabilization.toSeconds());
      Check.that(
          tolerance >= 0 && tolerance < 1,
          "tolerance is %s; it must be at least 0 and below 1",
          tolerance);
    }

    Duration memory() {
      return rates.stream()
          .map(Rate::period)
          .reduce(stabilization, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
  }
}
