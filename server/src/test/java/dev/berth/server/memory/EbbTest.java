package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When connections that have gone are worth a full collection. */
final class EbbTest {
  private final FakeTime time = new FakeTime();
  private final Ebb ebb = new Ebb(time);
  private long requests;

  @Test
  void isDueOnceAfterACalmStart() {
    assertThat(secondsUntilDue(0, 0, 10)).isEqualTo(5);
    assertThat(secondsUntilDue(0, 0, 600)).isEqualTo(NEVER);
  }

  @Test
  void isDueWhenAFloodHasGone() {
    afterTheStart();
    secondsUntilDue(15_000, 1_000, 10);
    assertThat(secondsUntilDue(0, 0, 60)).isEqualTo(5);
  }

  @Test
  void isNotDueWhileMoreThanHalfAreStillThere() {
    afterTheStart();
    secondsUntilDue(15_000, 1_000, 10);
    assertThat(secondsUntilDue(7_501, 0, 600)).isEqualTo(NEVER);
    assertThat(secondsUntilDue(7_500, 0, 600)).isEqualTo(1);
  }

  @Test
  void isNotDueForAFewThatHaveGone() {
    afterTheStart();
    secondsUntilDue(Ebb.WORTH_IT - 1, 0, 10);
    assertThat(secondsUntilDue(0, 0, 600)).isEqualTo(NEVER);
  }

  @Test
  void isNotDueUnderLoad() {
    afterTheStart();
    secondsUntilDue(15_000, 1_000, 10);
    assertThat(secondsUntilDue(0, Ebb.CALM_REQUESTS + 1, 600)).isEqualTo(NEVER);
    assertThat(secondsUntilDue(0, Ebb.CALM_REQUESTS, 600)).isEqualTo(5);
  }

  @Test
  void isDueAtMostOnceAMinute() {
    afterTheStart();
    secondsUntilDue(15_000, 0, 1);
    secondsUntilDue(0, 0, 60);
    secondsUntilDue(15_000, 0, 1);
    assertThat(secondsUntilDue(0, 0, 120)).isEqualTo(59);
  }

  private static final int NEVER = -1;

  private void afterTheStart() {
    secondsUntilDue(0, 0, 10);
    time.pass(Duration.ofMinutes(2));
  }

  // Looks each second, at most so many times, with so many connections and requests a second.
  private int secondsUntilDue(int connections, int requestsPerSecond, int most) {
    for (int second = 1; second <= most; second++) {
      time.pass(Duration.ofSeconds(1));
      requests += requestsPerSecond;
      if (ebb.due(connections, requests)) {
        return second;
      }
    }
    return NEVER;
  }
}
