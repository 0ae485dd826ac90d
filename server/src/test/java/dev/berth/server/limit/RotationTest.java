package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RotationTest {
  private final ConnectionLimit limit = ConnectionLimit.of(100);
  private final FakeTime time = new FakeTime();
  private final Rotation rotation = Rotation.of(limit, time);

  private void use(int connections) {
    while (limit.inUse() < connections) {
      assertThat(limit.tryAcquire()).isInstanceOf(Admission.Admitted.class);
    }
    while (limit.inUse() > connections) {
      limit.release();
    }
  }

  @Test
  void aFullServerStaysUnlessItMayLeave() {
    use(100);
    assertThat(rotation.out()).isFalse();
    rotation.mayLeave(true);
    assertThat(rotation.out()).isTrue();
    rotation.mayLeave(false);
    assertThat(rotation.out()).isFalse();
  }

  @Test
  void itLeavesNearlyFullAndComesBackWithSomeRoom() {
    rotation.mayLeave(true);
    use(94);
    assertThat(rotation.out()).isFalse();
    use(95);
    assertThat(rotation.out()).isTrue();
    use(85);
    assertThat(rotation.out()).isTrue();
    use(84);
    assertThat(rotation.out()).isFalse();
    use(94);
    assertThat(rotation.out()).isFalse();
  }

  @Test
  void aLoweredLimitFillsIt() {
    rotation.mayLeave(true);
    use(50);
    limit.move(50);
    assertThat(rotation.out()).isTrue();
    limit.move(100);
    assertThat(rotation.out()).isFalse();
  }

  @Test
  void aServerThatIsToTakeNoneIsFull() {
    rotation.mayLeave(true);
    limit.move(0);
    assertThat(rotation.out()).isTrue();
    assertThat(admitted()).isZero();
  }

  @Test
  void oneThatMayLeaveAdmitsAFewMoreWhileItIsNotKnownToBeFull() {
    rotation.mayLeave(true);
    assertThat(admitted()).isEqualTo(103);
    assertThat(limit.limit()).isEqualTo(100);
    assertThat(limit.excess()).isEqualTo(3);
    use(99);
    time.pass(Duration.ofMillis(2_999));
    assertThat(admitted()).isEqualTo(4);
  }

  @Test
  void itAdmitsNoneBeyondItsLimitThreeSecondsAfterItBecameFull() {
    rotation.mayLeave(true);
    use(95);
    assertThat(rotation.out()).isTrue();
    time.pass(Duration.ofSeconds(3));
    assertThat(admitted()).isEqualTo(5);
    use(90);
    assertThat(rotation.out()).isTrue();
    time.pass(Duration.ofSeconds(3));
    assertThat(admitted()).isEqualTo(10);
  }

  @Test
  void onceItHadRoomItAdmitsAFewMoreAgain() {
    rotation.mayLeave(true);
    use(100);
    assertThat(rotation.out()).isTrue();
    time.pass(Duration.ofMinutes(1));
    use(84);
    assertThat(rotation.out()).isFalse();
    assertThat(admitted()).isEqualTo(19);
  }

  @Test
  void oneWhoseLimitFallsBelowWhatItHoldsAdmitsAFewMoreThanThose() {
    rotation.mayLeave(true);
    use(80);
    limit.move(50);
    assertThat(admitted()).isEqualTo(2);
    time.pass(Duration.ofSeconds(3));
    use(60);
    assertThat(admitted()).isZero();
  }

  @Test
  void aHeapThatIsNearlyFullHasNoMargin() {
    rotation.mayLeave(true);
    limit.ceiling(90);
    assertThat(admitted()).isEqualTo(90);
  }

  @Test
  void oneThatMustStayAdmitsNoneBeyondItsLimit() {
    assertThat(admitted()).isEqualTo(100);
  }

  /** How many get a permit now, until one gets none. */
  private int admitted() {
    int admitted = 0;
    while (limit.tryAcquire() instanceof Admission.Admitted) {
      admitted++;
    }
    return admitted;
  }
}
