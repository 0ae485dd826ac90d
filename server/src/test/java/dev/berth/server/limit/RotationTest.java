package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RotationTest {
  private final ConnectionLimit limit = ConnectionLimit.of(100);
  private final Rotation rotation = new Rotation(limit);

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
  }
}
