package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class HeapGuardTest {
  private static final long MI = 1024 * 1024;

  private final ConnectionLimit limit = ConnectionLimit.of(10_000);
  private final HeapGuard guard = new HeapGuard(limit, Optional.empty(), 26 * MI);

  private void use(int connections) {
    while (limit.inUse() < connections) {
      limit.tryAcquire();
    }
    while (limit.inUse() > connections) {
      limit.release();
    }
  }

  @Test
  void aHeapWithRoomBoundsNothing() {
    use(5_000);
    guard.look(84, 100);
    assertThat(limit.limit()).isEqualTo(10_000);
  }

  @Test
  void aNearlyFullHeapHoldsNoMoreThanItDoes() {
    use(5_000);
    guard.look(85, 100);
    assertThat(limit.limit()).isEqualTo(5_000);
    assertThat(limit.excess()).isZero();
  }

  @Test
  void aFullHeapHoldsATenthLess() {
    use(5_000);
    guard.look(95, 100);
    assertThat(limit.limit()).isEqualTo(4_500);
  }

  @Test
  void theBoundOutlastsAMoveOfTheLimit() {
    use(5_000);
    guard.look(85, 100);
    limit.move(20_000);
    assertThat(limit.limit()).isEqualTo(5_000);
    limit.move(100);
    assertThat(limit.limit()).isEqualTo(100);
  }

  @Test
  void theBoundStaysUntilACollectionShowsRoom() {
    use(5_000);
    guard.look(85, 100);
    use(4_000);
    guard.look(75, 100);
    assertThat(limit.limit()).isEqualTo(5_000);
    limit.move(20_000);
    guard.look(69, 100);
    assertThat(limit.limit()).isEqualTo(20_000);
  }

  @Test
  void oneCollectionCountsOnce() {
    use(5_000);
    guard.look(96, 100);
    use(4_500);
    guard.look(96, 100);
    assertThat(limit.limit()).isEqualTo(4_500);
  }

  @Test
  void aHeapThatIsFullOfSomethingElseLeavesConnectionsTheirQuarter() {
    use(10);
    guard.look(99, 100);
    // 26 MiB / 4, in pieces of 16 KiB
    assertThat(limit.limit()).isEqualTo(416);
  }

  @Test
  void theRealHeapCanBeLookedAt() {
    HeapGuard.of(limit).look();
    assertThat(limit.limit()).isEqualTo(10_000);
  }

  @Property
  void theLimitInForceIsNeverAboveTheOneAskedFor(
      @ForAll @Size(max = 20) java.util.List<@IntRange(max = 100) Integer> percents,
      @ForAll @IntRange(max = 20_000) int asked) {
    for (int percent : percents) {
      guard.look(percent, 100);
      limit.move(asked);
      assertThat(limit.limit()).isBetween(Math.min(asked, 416), asked);
    }
  }
}
