package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Trend after(int seconds, IntToDoubleFunction clients) {
    Trend trend = Trend.NONE;
    for (int second = 0; second < seconds; second++) {
      trend = trend.with(clients.applyAsDouble(second), START.plusSeconds(second));
    }
    return trend;
  }

  @Test
  void sixSecondsTellHowFastDemandGrows() {
    assertThat(after(5, second -> 50 * second).growth()).isZero();
    assertThat(after(6, second -> 50 * second).growth()).isEqualTo(50);
  }

  @Test
  void aStepIsNoGrowth() {
    for (int at = 1; at < 9; at++) {
      int step = at;
      assertThat(after(9, second -> second < step ? 0 : 3_000).growth()).isZero();
    }
  }

  @Test
  void aLostScrapeIsNoGrowth() {
    assertThat(after(9, second -> second == 5 ? 200 : 1_000).growth()).isZero();
  }

  @Test
  void whatFallsDoesNotGrow() {
    assertThat(after(9, second -> 3_000 - 100 * second).growth()).isZero();
  }

  @Test
  void whatFallsEbbs() {
    assertThat(after(9, second -> 3_000 - 100 * second).ebb()).isEqualTo(100);
    assertThat(after(5, second -> 3_000 - 100 * second).ebb()).isZero();
    assertThat(after(9, second -> 50 * second).ebb()).isZero();
    assertThat(after(9, second -> second < 5 ? 3_000 : 0).ebb()).isZero();
  }

  @Test
  void theMostWantedLatelyFadesByHalfInFiveMinutes() {
    assertThat(after(301, second -> second == 0 ? 800 : 10).most())
        .isCloseTo(400, withPercentage(0.1));
    assertThat(after(3, second -> 100 * second).most()).isEqualTo(200);
  }

  @Test
  void growthHasEndedAFewSecondsAfterTheLastClientCame() {
    assertThat(after(26, second -> Math.min(1_000, 50 * second)).growth()).isZero();
  }

  @Test
  void clientsThatComeAndGoAreLittleGrowth() {
    var chance = new Random(1);
    for (int i = 0; i < 100; i++) {
      assertThat(after(9, second -> 1_000 + 10 * chance.nextGaussian()).growth()).isLessThan(15);
    }
  }

  @Test
  void itCountsForTheTimeUntilPodsAskedForNextHaveCome() {
    var trend = after(60, second -> 50 * second).withStart(Duration.ofSeconds(10));
    assertThat(trend.horizon()).isEqualTo(Duration.ofSeconds(25));
    assertThat(trend.coming()).isEqualTo(50 * 25);
  }

  @Test
  void aSlowPodCountsAtOnceAndAFastOneInPart() {
    var slow = Trend.NONE.withStart(Duration.ofSeconds(20));
    assertThat(slow.start()).isEqualTo(Duration.ofSeconds(20));
    assertThat((double) slow.withStart(Duration.ofSeconds(10)).start().toMillis())
        .isCloseTo(17_000.0, withPercentage(0.1));
  }

  @Test
  void figuresWithinASecondAreOne() {
    var trend = Trend.NONE;
    for (int i = 0; i < 20; i++) {
      trend = trend.with(i * 100, START.plusMillis(10L * i));
    }
    assertThat(trend.samples()).containsExactly(new Trend.Sample(START, 0));
    assertThat(trend.growth()).isZero();
  }

  @Test
  void aDoublingIsTheMostThatIsForeseen() {
    assertThat(after(6, second -> 50 * second).coming()).isEqualTo(250);
  }

  @Test
  void howLongAPodTakesIsNotLearnedFromOnesThatCouldNotBeAsked() {
    var fleet = new Fleet(Policies.DEFAULT, 3, 64 << 10, new Random(7));
    fleet.seconds(20, 600);
    Duration before = fleet.history.trend().start();
    fleet.restartOperator();
    fleet.pods.forEach(pod -> pod.answers = false);
    fleet.seconds(90, 600);
    fleet.pods.forEach(pod -> pod.answers = true);
    fleet.seconds(10, 600);
    assertThat(fleet.history.trend().start()).isEqualTo(before);
  }
}
