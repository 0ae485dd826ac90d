package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HorizontalScalingTest {
  private final HorizontalScaling scaling = new HorizontalScaling(1, 100);

  private static long seconds(int count) {
    return (long) count * Setting.TICKS_PER_SECOND;
  }

  @Test
  void upwardItAddsFourPodsOrTwiceThePods() {
    assertThat(scaling.next(1, 50, seconds(0))).isEqualTo(5);
    assertThat(scaling.next(5, 50, seconds(15))).isEqualTo(10);
    assertThat(scaling.next(10, 50, seconds(30))).isEqualTo(20);
  }

  @Test
  void withinFifteenSecondsItAddsNoMoreThanThat() {
    assertThat(scaling.next(1, 50, seconds(0))).isEqualTo(5);
    assertThat(scaling.next(5, 50, seconds(10))).isEqualTo(5);
  }

  @Test
  void downwardTheHighestRecommendationOfFiveMinutesCounts() {
    assertThat(scaling.next(10, 8, seconds(0))).isEqualTo(10);
    assertThat(scaling.next(10, 3, seconds(299))).isEqualTo(10);
    assertThat(scaling.next(10, 3, seconds(300))).isEqualTo(3);
  }

  @Test
  void itStaysWithinItsBounds() {
    assertThat(new HorizontalScaling(2, 3).next(3, 50, 0)).isEqualTo(3);
    assertThat(new HorizontalScaling(2, 3).next(2, 0, 0)).isEqualTo(2);
  }
}
