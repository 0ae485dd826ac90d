package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.memory.PinnedBytes.Pin;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LiveMemoryTest {
  private static final int MI = 1024 * 1024;
  private volatile byte[] held =
      new byte[0]; // a field, so that no compiler sees that it is not read
  private final PinnedBytes pinned = PinnedBytes.each(32 * MI);
  private final LiveMemory live = LiveMemory.of(pinned);

  @Test
  void whatIsHeldOnTheHeapCountsAfterACollectionAndWhatIsNotDoesNot() {
    collect();
    long before = live.heapBytes();
    held = new byte[64 * MI];
    collect();
    assertThat(live.heapBytes() - before).isBetween(60L * MI, 80L * MI);
    assertThat(held).hasSize(64 * MI); // read here, so held until here
    held = new byte[0];
    collect();
    assertThat(live.heapBytes() - before).isLessThan(20L * MI);
  }

  @Test
  void garbageMadeSinceTheLastCollectionDoesNotCount() {
    collect();
    long before = live.heapBytes();
    long made = 0;
    for (int i = 0; i < 16; i++) {
      made += new byte[64 * 1024].length;
    }
    assertThat(made).isEqualTo(MI);
    assertThat(live.heapBytes()).isEqualTo(before);
  }

  @Test
  void pinnedBytesAndDirectBuffersCountAtOnce() {
    collect();
    long before = live.bytes();
    ByteBuffer direct = ByteBuffer.allocateDirect(32 * MI);
    try (Pin _ = pinned.pin()) {
      assertThat(live.bytes() - before).isBetween(60L * MI, 70L * MI);
    }
    assertThat(direct.capacity()).isEqualTo(32 * MI);
  }

  @Test
  void beforeTheFirstFullCollectionAllThatIsInUseCounts() {
    assertThat(LiveMemory.heapNeededBytes(false, 0, 3 * MI)).isEqualTo(3 * MI);
    assertThat(LiveMemory.heapNeededBytes(false, MI, 3 * MI)).isEqualTo(3 * MI);
  }

  @Test
  void afterItTheFirstTwoMebibytesThatHaveComeSinceDoNot() {
    assertThat(LiveMemory.heapNeededBytes(true, 3 * MI, 3 * MI)).isEqualTo(3 * MI);
    assertThat(LiveMemory.heapNeededBytes(true, 3 * MI, 5 * MI)).isEqualTo(3 * MI);
    assertThat(LiveMemory.heapNeededBytes(true, 3 * MI, 6 * MI)).isEqualTo(4 * MI);
    assertThat(LiveMemory.heapNeededBytes(true, 3 * MI, 2 * MI)).isEqualTo(3 * MI);
  }

  /**
   * Collects everything, earlier tests' leavings included. An explicit collection is only a
   * request, and a canary may die in a young one, so it asks until a whole round frees nothing
   * more.
   */
  private static void collect() {
    long before;
    do {
      before = used();
      WeakReference<Object> canary = new WeakReference<>(new Object());
      do {
        System.gc();
      } while (canary.get() != null);
    } while (used() < before - MI);
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
