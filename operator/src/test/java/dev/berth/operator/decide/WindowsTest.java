package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Behavior.Rate;
import dev.berth.operator.decide.Behavior.Rules;
import dev.berth.operator.decide.Behavior.Select;
import dev.berth.operator.decide.Behavior.Unit;
import dev.berth.operator.decide.History.Scaled;
import dev.berth.operator.decide.History.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HorizontalPodAutoscaler v2's behaviour, from the examples of its documentation. */
class WindowsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Rules rules(Select select, Rate... rates) {
    return new Rules(Duration.ZERO, select, List.of(rates), 0.1);
  }

  private static Rate rate(Unit unit, int value, int seconds) {
    return new Rate(unit, value, Duration.ofSeconds(seconds));
  }

  @Test
  void tenPercentOrFourPodsAMinute() {
    var rules = rules(Select.MAX, rate(Unit.PODS, 4, 60), rate(Unit.PERCENT, 10, 60));
    assertThat(Windows.fewest(80, rules, List.of(), NOW)).isEqualTo(72);
    assertThat(Windows.fewest(72, rules, List.of(), NOW)).isEqualTo(64);
    assertThat(Windows.fewest(40, rules, List.of(), NOW)).isEqualTo(36);
    assertThat(Windows.fewest(3, rules, List.of(), NOW)).isZero();
  }

  @Test
  void theDefaultUpwardIsFourPodsOrTwiceAsMany() {
    assertThat(Windows.most(1, Behavior.DEFAULT_UP, List.of(), NOW)).isEqualTo(5);
    assertThat(Windows.most(10, Behavior.DEFAULT_UP, List.of(), NOW)).isEqualTo(20);
  }

  @Test
  void whatWasAddedWithinThePeriodCounts() {
    var added = List.of(new Scaled(NOW.minusSeconds(10), 4));
    assertThat(Windows.most(5, Behavior.DEFAULT_UP, added, NOW)).isEqualTo(5);
    assertThat(Windows.most(5, Behavior.DEFAULT_UP, added, NOW.plusSeconds(6))).isEqualTo(10);
  }

  @Test
  void selectMinTakesTheSmallestChange() {
    var rules = rules(Select.MIN, rate(Unit.PODS, 2, 60), rate(Unit.PERCENT, 50, 60));
    assertThat(Windows.most(10, rules, List.of(), NOW)).isEqualTo(12);
    assertThat(Windows.fewest(10, rules, List.of(), NOW)).isEqualTo(8);
  }

  @Test
  void selectDisabledForbidsTheDirection() {
    var rules = rules(Select.DISABLED, rate(Unit.PODS, 4, 60));
    assertThat(Windows.most(3, rules, List.of(), NOW)).isEqualTo(3);
    assertThat(Windows.fewest(3, rules, List.of(), NOW)).isEqualTo(3);
  }

  @Test
  void downwardTheHighestRecommendationOfTheWindowCounts() {
    var wanted =
        List.of(new Wanted(NOW.minusSeconds(200), 8), new Wanted(NOW.minusSeconds(100), 3));
    assertThat(Windows.stabilized(10, 2, Behavior.DEFAULT, wanted, NOW)).isEqualTo(8);
    assertThat(Windows.stabilized(10, 2, Behavior.DEFAULT, wanted, NOW.plusSeconds(101)))
        .isEqualTo(3);
  }

  @Test
  void upwardTheLowestRecommendationOfTheWindowCounts() {
    var up = new Rules(Duration.ofSeconds(60), Select.MAX, List.of(), 0.1);
    var behavior = new Behavior(up, Behavior.DEFAULT_DOWN);
    var wanted = List.of(new Wanted(NOW.minusSeconds(30), 4));
    assertThat(Windows.stabilized(2, 9, behavior, wanted, NOW)).isEqualTo(4);
    assertThat(Windows.stabilized(2, 9, behavior, wanted, NOW.plusSeconds(31))).isEqualTo(9);
  }
}
