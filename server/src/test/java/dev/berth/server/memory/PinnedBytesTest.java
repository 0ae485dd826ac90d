package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.berth.server.memory.PinnedBytes.Pin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PinnedBytesTest {
  private static final long KI = 1024;

  @Test
  void pinnedBytesAreCountedUntilClosed() {
    PinnedBytes pinned = PinnedBytes.each(64 * KI);
    try (Pin _ = pinned.pin();
        Pin _ = pinned.pin()) {
      assertThat(pinned.total()).isEqualTo(128 * KI);
    }
    assertThat(pinned.total()).isZero();
  }

  @Test
  void closingAgainDoesNothing() {
    PinnedBytes pinned = PinnedBytes.each(KI);
    Pin pin = pinned.pin();
    pin.close();
    pin.close();
    assertThat(pinned.total()).isZero();
  }

  @Test
  void zeroBytesPinNothing() {
    PinnedBytes pinned = PinnedBytes.each(0);
    assertThat(pinned.pin()).isSameAs(pinned.pin());
    assertThat(pinned.total()).isZero();
  }

  @Test
  void aNegativeNumberIsRefusedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PinnedBytes.each(-1))
        .withMessageContaining("-1");
  }

  @Test
  void theBytesAreResidentWhilePinnedAndGoBackToTheKernelAfterwards() {
    ContainerMemory process = ContainerMemory.ofProcess(1);
    PinnedBytes pinned = PinnedBytes.each(64 * KI);
    long mega = 256 * KI * KI; // far above what the JVM itself may add or give back meanwhile
    long before = process.workingSetBytes();
    List<Pin> pins = new ArrayList<>();
    while (pinned.total() < mega) {
      pins.add(pinned.pin());
    }
    assertThat(process.workingSetBytes() - before).isGreaterThan(mega * 3 / 4);
    pins.forEach(Pin::close);
    assertThat(process.workingSetBytes() - before).isLessThan(mega / 4);
  }

  @Test
  void whatIsLostGrowsAndCounts() {
    PinnedBytes pinned = PinnedBytes.each(0);
    pinned.lose(KI);
    await().until(() -> pinned.total() >= 2 * KI);
  }

  @Test
  void manyThreadsPinAndCloseWithoutLosingCount() {
    PinnedBytes pinned = PinnedBytes.each(5_000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2_000; i++) {
        threads.execute(() -> pinned.pin().close());
      }
    }
    assertThat(pinned.total()).isZero();
  }
}
