package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SheddingTest {
  @Test
  void asManyAnswersAreClaimedAsAreAllowed() {
    Shedding shedding = new Shedding();
    shedding.allow(2);

    assertThat(List.of(shedding.claim(), shedding.claim(), shedding.claim()))
        .containsExactly(true, true, false);
  }

  @Test
  void theLongestIdleComeFirst() {
    assertThat(Shedding.longestIdle(List.of(30, 10, 20), 2, Comparator.naturalOrder()))
        .containsExactly(10, 20);
  }

  @Property
  void allAreClosedWithinTheRoundsLeft(
      @ForAll @IntRange(max = 100_000) int candidates,
      @ForAll @IntRange(min = 1, max = 300) int rounds) {
    int left = candidates;
    for (int round = rounds; round > 0; round--) {
      left -= Shedding.evenly(left, round);
    }
    assertThat(left).isZero();
  }

  @Property
  void onlyAFewAreShedInOneRound(@ForAll @IntRange(min = 1, max = 100_000) int tooMany) {
    assertThat(Shedding.inOneRound(tooMany)).isBetween(1, tooMany / 50 + 1);
  }
}
