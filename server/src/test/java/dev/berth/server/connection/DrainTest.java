package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A drain's stages and times. */
final class DrainTest {
  private final FakeTime now = new FakeTime();
  private final CoarseTime time = new CoarseTime(now);

  private void pass(Duration duration) {
    now.pass(duration);
    time.advance();
  }

  @Test
  void idleConnectionsAreEndedOverFourFifthsOfTheTimeout() {
    Drain drain = new Drain(time, Duration.ZERO, Duration.ofSeconds(25));
    drain.begin(Drain.Cause.REQUEST);
    pass(Duration.ofSeconds(5));
    assertThat(drain.spreadMillisLeft()).isEqualTo(15_000);
  }

  @Test
  void theLongestTimeoutIsNotTakenForAShortOne() {
    Drain drain = new Drain(time, Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE));
    drain.begin(Drain.Cause.REQUEST);
    assertThat(drain.spreadMillisLeft()).isGreaterThan(Long.MAX_VALUE / 2);
  }

  @Test
  void oneThatBeginsAnewHasItsGrace() {
    Drain drain = new Drain(time, Duration.ofSeconds(3), Duration.ofSeconds(25));
    drain.begin(Drain.Cause.REQUEST);
    pass(Duration.ofSeconds(4));
    assertThat(drain.stage()).isEqualTo(Drain.Stage.REFUSING);
    drain.undo(Drain.Cause.REQUEST);
    assertThat(drain.stage()).isEqualTo(Drain.Stage.SERVING);
    drain.begin(Drain.Cause.ANNOTATION);
    assertThat(drain.stage()).isEqualTo(Drain.Stage.GRACE);
  }

  @Test
  void oneThatIsJoinedGoesOn() {
    Drain drain = new Drain(time, Duration.ofSeconds(3), Duration.ofSeconds(25));
    drain.begin(Drain.Cause.REQUEST);
    pass(Duration.ofSeconds(2));
    drain.begin(Drain.Cause.END);
    pass(Duration.ofSeconds(2));
    assertThat(drain.stage()).isEqualTo(Drain.Stage.REFUSING);
    assertThat(drain.endGraceOver()).isFalse();
    drain.begin(Drain.Cause.END);
    pass(Duration.ofSeconds(1));
    assertThat(drain.endGraceOver()).isTrue();
  }
}
