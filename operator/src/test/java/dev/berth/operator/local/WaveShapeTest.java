package dev.berth.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WaveShapeTest {
  private static final WaveShape SHAPE =
      new WaveShape(
          1_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20));

  private static int wanted(int second) {
    return SHAPE.wanted(Duration.ofSeconds(second));
  }

  @Test
  void itRisesHoldsFallsAndLeavesATenthForAWhile() {
    assertThat(wanted(0)).isZero();
    assertThat(wanted(5)).isEqualTo(500);
    assertThat(wanted(10)).isEqualTo(1_000);
    assertThat(wanted(14)).isEqualTo(1_000);
    assertThat(wanted(20)).isEqualTo(550);
    assertThat(wanted(25)).isEqualTo(100);
    assertThat(wanted(44)).isEqualTo(100);
    assertThat(wanted(45)).isZero();
    assertThat(SHAPE.phase(Duration.ofSeconds(45))).isEqualTo(WaveShape.Phase.OVER);
  }

  @Property
  void itIsNeverOutsideOfItsBounds(
      @ForAll @IntRange(max = 100_000) int millis, @ForAll @IntRange(max = 50_000) int peak) {
    var shape = new WaveShape(peak, Duration.ZERO, SHAPE.hold(), SHAPE.fall(), SHAPE.ebb());
    assertThat(shape.wanted(Duration.ofMillis(millis))).isBetween(0, peak);
  }
}
