package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.server.limit.MemoryLimit.Room;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
  private static final long MI = 1024 * 1024;
  private static final long MANY = 1_000_000;
  private static final Room LARGE = new Room(1_000_000 * MI, 0);

  @Test
  void aSmallPodTakesWhatThreeQuartersOfItsMemoryHold() {
    // 96 MiB less 32 MiB, in pieces of 64 KiB
    assertThat(MemoryLimit.of(new Room(128 * MI, 32 * MI), LARGE, MANY)).isEqualTo(1024);
  }

  @Test
  void whereTheBaseFillsTheMemoryOneConnectionIsAdmitted() {
    assertThat(MemoryLimit.of(new Room(128 * MI, 120 * MI), LARGE, MANY)).isEqualTo(1);
  }

  @Test
  void descriptorsBoundItLessThoseTheProcessNeeds() {
    assertThat(MemoryLimit.of(new Room(1024 * MI, 32 * MI), LARGE, 1024)).isEqualTo(1024 - 256);
    assertThat(MemoryLimit.of(LARGE, LARGE, 100_000)).isEqualTo(95_000);
    assertThat(MemoryLimit.of(new Room(1024 * MI, 32 * MI), LARGE, 100)).isEqualTo(1);
  }

  @Test
  void aNegativeFigureIsRefusedWithItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Room(MI, -5))
        .withMessageContaining("base memory is -5");
  }

  @Test
  void aSmallHeapBoundsItWhereTheContainerWouldHoldMore() {
    // 19.5 MiB less 7.5 MiB, in pieces of 16 KiB
    assertThat(MemoryLimit.of(LARGE, new Room(26 * MI, 7 * MI + MI / 2), MANY)).isEqualTo(768);
  }

  @Test
  void aHeapHoldsNoMoreThanIdleConnectionsOf2KiB() {
    assertThat(MemoryLimit.atMostIn(26 * MI)).isEqualTo(13_312);
  }

  @Property
  void aFullServersHeapHasRoomLeftUnlessItTakesOnlyOne(
      @ForAll @LongRange(min = 0) long heap, @ForAll @LongRange(min = 0) long base) {
    int limit = MemoryLimit.of(LARGE, new Room(heap, base), MANY);
    if (limit > 1) {
      double used = base + (double) limit * MemoryLimit.HEAP_BYTES_PER_CONNECTION;
      assertThat(used).isLessThanOrEqualTo(heap * 0.75 * (1 + 1e-12));
    }
  }

  @Property
  void aFullServerStaysWithinItsShareUnlessItTakesOnlyOne(
      @ForAll @LongRange(min = 0) long memory,
      @ForAll @LongRange(min = 0) long base,
      @ForAll @LongRange(min = 0) long descriptors) {
    int limit = MemoryLimit.of(new Room(memory, base), new Room(Long.MAX_VALUE, 0), descriptors);
    assertThat(limit).isPositive();
    if (limit > 1) {
      double used = base + (double) limit * MemoryLimit.BYTES_PER_CONNECTION;
      assertThat(used).isLessThanOrEqualTo(memory * 0.75 * (1 + 1e-12));
      assertThat((long) limit).isLessThanOrEqualTo(descriptors - 256);
    }
  }
}
