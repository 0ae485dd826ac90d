package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.simulate.ServerPod.Admission;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerPodTest {
  private final Chance chance = new Chance(1);

  private ServerPod running(int limit) {
    var pod = new ServerPod(1, Settings.PODS, new Setting.Server.Bounded(limit), chance, 0);
    pod.startAtOnce(0);
    return pod;
  }

  private static void open(ServerPod pod, int count, boolean asks) {
    for (int i = 0; i < count; i++) {
      pod.open(0, asks);
    }
  }

  @Test
  void oneConnectionTooManyIsRefused() {
    var pod = running(2);
    open(pod, 2, true);

    assertThat(pod.open(0, true)).isEqualTo(Admission.REFUSED);
    assertThat(pod.refused()).isEqualTo(1);
  }

  @Test
  void aLimitIsInForceWhenItHasArrived() {
    var pod = running(2);
    pod.limitMark.tell(OptionalInt.of(7), 5);

    pod.tick(4, 0);
    assertThat(pod.limit()).isEqualTo(2);
    pod.tick(5, 0);
    assertThat(pod.limit()).isEqualTo(7);
  }

  @Test
  void aLoweredLimitEndsTheLongIdleWithinFiveSeconds() {
    var pod = running(100);
    open(pod, 100, false);
    pod.limitMark.tell(OptionalInt.of(40), 0);

    int graceful = 0;
    for (int tick = 1; tick <= 150; tick++) {
      graceful += pod.tick(tick, 0).graceful();
    }

    assertThat(graceful).isEqualTo(60);
    assertThat(pod.connections.active()).isEqualTo(40);
  }

  @Test
  void aDrainingPodServesOnceDuringItsGraceAndThenRefuses() {
    var pod = running(100);
    pod.drainMark.tell(Optional.of(Instant.EPOCH), 0);
    pod.tick(1, 0);

    assertThat(pod.open(2, true)).isEqualTo(Admission.ONE_ANSWER);
    assertThat(pod.open(31, true)).isEqualTo(Admission.REFUSED);
  }

  @Test
  void aDrainBreaksNothing() {
    var pod = running(100);
    open(pod, 50, true);
    open(pod, 50, false);
    pod.drainMark.tell(Optional.of(Instant.EPOCH), 0);

    int broken = 0;
    for (int tick = 1; tick <= 600; tick++) {
      broken += pod.tick(tick, 0).broken();
    }

    assertThat(pod.connections.active()).isZero();
    assertThat(broken).isZero();
  }

  @Test
  void aServerWithoutALimitBreaksWhatItHoldsWhenItIsToldToStop() {
    var pod = new ServerPod(1, Settings.PODS, new Setting.Server.Unbounded(), chance, 0);
    pod.startAtOnce(0);
    open(pod, 9, true);
    pod.leave(1);

    assertThat(pod.tick(1, 0)).isEqualTo(new Endings(0, 0, 9));
    assertThat(pod.gone()).isTrue();
  }

  @Test
  void aKilledContainerKeepsItsAnnotatedLimit() {
    var pod = running(2);
    pod.limitMark.tell(OptionalInt.of(7), 0);
    pod.kill(10, Instant.EPOCH);

    for (int tick = 11; tick < 100; tick++) {
      pod.tick(tick, 0);
    }

    assertThat(pod.running()).isTrue();
    assertThat(pod.limit()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,10", "3,20", "4,40", "7,300", "40,300"})
  void aContainerThatIsKilledAgainWaitsTwiceAsLong(int crashes, int seconds) {
    assertThat(ServerPod.backOff(crashes)).isEqualTo(seconds * 10L);
  }
}
