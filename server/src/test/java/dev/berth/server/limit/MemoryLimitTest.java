package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
  private static final long MI = 1024 * 1024;
  private static final long MANY = 1_000_000;

  @Test
  void aSmallPodTakesWhatThreeQuartersOfItsMemoryHold() {
    // 96 MiB less 32 MiB, in pieces of 64 KiB
    assertThat(MemoryLimit.of(128 * MI, 32 * MI, MANY)).isEqualTo(1024);
  }

  @Test
  void whereTheBaseFillsTheMemoryOneConnectionIsAdmitted() {
    assertThat(MemoryLimit.of(128 * MI, 120 * MI, MANY)).isEqualTo(1);
  }

  @Test
  void descriptorsBoundItLessThoseTheProcessNeeds() {
    assertThat(MemoryLimit.of(1024 * MI, 32 * MI, 1024)).isEqualTo(1024 - 256);
    assertThat(MemoryLimit.of(1_000_000 * MI, 0, 100_000)).isEqualTo(95_000);
    assertThat(MemoryLimit.of(1024 * MI, 32 * MI, 100)).isEqualTo(1);
  }

  @Test
  void aNegativeFigureIsRefusedWithItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryLimit.of(MI, -5, MANY))
        .withMessageContaining("base memory is -5");
  }

  @Property
  void aFullServerStaysWithinItsShareUnlessItTakesOnlyOne(
      @ForAll @LongRange(min = 0) long memory,
      @ForAll @LongRange(min = 0) long base,
      @ForAll @LongRange(min = 0) long descriptors) {
    int limit = MemoryLimit.of(memory, base, descriptors);
    assertThat(limit).isPositive();
    if (limit > 1) {
      double used = base + (double) limit * MemoryLimit.BYTES_PER_CONNECTION;
      assertThat(used).isLessThanOrEqualTo(memory * 0.75 * (1 + 1e-12));
      assertThat((long) limit).isLessThanOrEqualTo(descriptors - 256);
    }
  }
}
