package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.lang.management.ManagementFactory;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  @Test
  void admitsUpToTheLimitAndRefusesTheNext() {
    ConnectionLimit limit = ConnectionLimit.of(2);
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.tryAcquire()).isEqualTo(Refused.LIMIT);
    assertThat(limit.inUse()).isEqualTo(2);
  }

  @Test
  void aReleasedPermitAdmitsAnother() {
    ConnectionLimit limit = ConnectionLimit.of(1);
    limit.tryAcquire();
    limit.release();
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void limitZeroAdmitsNone() {
    assertThat(ConnectionLimit.of(0).tryAcquire()).isEqualTo(Refused.LIMIT);
  }

  @Test
  void raisingTheLimitAdmitsAtOnce() {
    ConnectionLimit limit = ConnectionLimit.of(0);
    limit.move(1);
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void loweringTheLimitBreaksNobodyAndAdmitsNobodyUntilUseIsBelowIt() {
    ConnectionLimit limit = full(3);
    limit.move(1);
    assertThat(limit.inUse()).isEqualTo(3);
    assertThat(limit.excess()).isEqualTo(2);
    assertThat(limit.saturation()).isEqualTo(3.0);
    limit.release();
    limit.release();
    assertThat(limit.tryAcquire()).isEqualTo(Refused.LIMIT);
    limit.release();
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.excess()).isZero();
  }

  @Test
  void saturationAtLimitZeroIsTheNumberInUse() {
    ConnectionLimit limit = full(3);
    limit.move(0);
    assertThat(limit.saturation()).isEqualTo(3.0);
  }

  @Test
  void thePermitsOfTheLargestLimitDoNotSpillIntoTheLimit() {
    ConnectionLimit limit = ConnectionLimit.of(Integer.MAX_VALUE);
    limit.tryAcquire();
    assertThat(limit.limit()).isEqualTo(Integer.MAX_VALUE);
    assertThat(limit.inUse()).isEqualTo(1);
  }

  @Test
  void releasingWhatWasNeverTakenIsAnError() {
    ConnectionLimit limit = full(1);
    limit.release();
    assertThatIllegalStateException()
        .isThrownBy(limit::release)
        .withMessageContaining("never taken");
    assertThat(limit.inUse()).isZero();
  }

  @Test
  void aNegativeLimitIsRefusedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionLimit.of(1).move(-1))
        .withMessageContaining("-1");
  }

  @Test
  void takingAndReleasingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ConnectionLimit limit = ConnectionLimit.of(1);
    takeAndRelease(limit, 1_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    takeAndRelease(limit, 100_000);
    // one object of 16 bytes for each round would be 1.6 MB
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
  }

  private static void takeAndRelease(ConnectionLimit limit, int rounds) {
    for (int i = 0; i < rounds; i++) {
      limit.tryAcquire();
      limit.tryAcquire(); // refused
      limit.release();
    }
  }

  /** What a caller may do to a limit, on a model of two plain integers. */
  sealed interface Act {
    record Acquire() implements Act {}

    record Release() implements Act {}

    record Move(int limit) implements Act {}
  }

  @Property
  void anySequenceBehavesAsTwoIntegersWould(
      @ForAll @IntRange(max = 5) int start, @ForAll("acts") List<Act> acts) {
    ConnectionLimit limit = ConnectionLimit.of(start);
    int modelLimit = start;
    int modelUse = 0;
    for (Act act : acts) {
      switch (act) {
        case Act.Acquire() -> {
          boolean free = modelUse < modelLimit;
          assertThat(limit.tryAcquire()).isEqualTo(free ? Admitted.PERMIT : Refused.LIMIT);
          modelUse += free ? 1 : 0;
        }
        case Act.Release() -> {
          if (modelUse == 0) {
            assertThatIllegalStateException().isThrownBy(limit::release);
          } else {
            limit.release();
            modelUse--;
          }
        }
        case Act.Move(int target) -> {
          limit.move(target);
          modelLimit = target;
        }
      }
      assertThat(limit.inUse()).isEqualTo(modelUse);
      assertThat(limit.limit()).isEqualTo(modelLimit);
      assertThat(limit.excess()).isEqualTo(Math.max(0, modelUse - modelLimit));
    }
  }

  @Provide
  Arbitrary<List<Act>> acts() {
    Arbitrary<Act> act =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(new Act.Acquire())),
            Tuple.of(3, Arbitraries.just(new Act.Release())),
            Tuple.of(1, Arbitraries.integers().between(0, 5).map(Act.Move::new)));
    return act.list().ofMaxSize(60);
  }

  private static ConnectionLimit full(int permits) {
    ConnectionLimit limit = ConnectionLimit.of(permits);
    for (int i = 0; i < permits; i++) {
      assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
    }
    return limit;
  }
}
