package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

final class TimeoutsTest {
  @Test
  void forEverIsTenThousandDays() {
    Timeouts timeouts =
        Timeouts.DEFAULT
            .withIdle(ChronoUnit.FOREVER.getDuration())
            .withMaxConnectionAge(ChronoUnit.FOREVER.getDuration())
            .withDrain(Duration.ZERO, ChronoUnit.FOREVER.getDuration());
    Duration longest = Duration.ofDays(10_000);
    assertThat(timeouts.idle()).isEqualTo(longest);
    assertThat(timeouts.maxConnectionAge()).isEqualTo(longest);
    assertThat(timeouts.drainTimeout()).isEqualTo(longest);
  }

  @Test
  void lessThanAMillisecondIsOneButNothingIsNone() {
    Timeouts timeouts = Timeouts.DEFAULT.withIdle(Duration.ofNanos(1)).withRead(Duration.ZERO);
    assertThat(timeouts.idle()).isEqualTo(Duration.ofMillis(1));
    assertThat(timeouts.read()).isZero();
  }

  @Test
  void noneIsNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.DEFAULT.withWrite(Duration.ofSeconds(-1)))
        .withMessage("a timeout can't be negative: PT-1S");
  }
}
