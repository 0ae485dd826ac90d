package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private Instant wall = START;
  private long stopwatch = Long.MAX_VALUE - 1_000; // it may overflow
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> stopwatch);

  /** The time after {@code time} has passed. */
  private Instant after(Duration time) {
    wall = wall.plus(time);
    stopwatch += time.toNanos();
    return clock.instant();
  }

  @Test
  void itIsTheTimeOfDay() {
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(after(HOUR)).isEqualTo(START.plus(HOUR));
  }

  @Test
  void anHourThatWasSkippedIsNotSeenAtOnce() {
    wall = wall.plus(HOUR);

    assertThat(clock.instant()).isEqualTo(START);
    assertThat(after(Duration.ofSeconds(10))).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void anHourThatComesAgainIsNotWaitedFor() {
    wall = wall.minus(HOUR);

    assertThat(clock.instant()).isEqualTo(START);
    assertThat(after(Duration.ofSeconds(10))).isEqualTo(START.plusSeconds(9));
  }

  @Test
  void inTheEndItIsTheTimeOfDayAgain() {
    wall = wall.plus(HOUR);
    after(HOUR.multipliedBy(10));

    assertThat(clock.instant()).isEqualTo(wall);

    wall = wall.minus(HOUR);
    after(HOUR.multipliedBy(10));

    assertThat(clock.instant()).isEqualTo(wall);
  }
}
