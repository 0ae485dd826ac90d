package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.berth.operator.decide.CostEstimate.Overhead;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CostEstimateTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long BASE = 48L << 20;

  /**
   * Three minutes of one pod whose connections rise to {@code most}, seen with noise of a part of
   * the memory.
   */
  private static CostEstimate seen(long cost, int most, double noise, RandomGenerator chance) {
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (int second = 0; second < 180; second++) {
      int connections = most * second / 180;
      double exact = (double) BASE + (double) cost * connections;
      long bytes = Math.round(exact * (1 + noise * (2 * chance.nextDouble() - 1)));
      estimate = estimate.with("a", connections, bytes, START.plusSeconds(second));
    }
    return estimate.fitted();
  }

  @Test
  void beforeAnythingIsSeenTheGuessHolds() {
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    assertThat(estimate.bytesPerConnection()).isEqualTo(64 << 10);
    assertThat(estimate.trust()).isZero();
    assertThat(estimate.neededBytes()).isZero();
  }

  @Property(tries = 100)
  void costAndBaseAreLearnedFromRisingLoad(
      @ForAll @LongRange(min = 20 << 10, max = 500 << 10) long cost) {
    var estimate = seen(cost, (int) ((100L << 20) / cost), 0, new Random(1));
    assertThat((double) estimate.bytesPerConnection()).isCloseTo((double) cost, withPercentage(5));
    assertThat((double) estimate.neededBytes()).isCloseTo((double) BASE, withPercentage(5));
  }

  @Property(tries = 100)
  void noiseOfFivePercentMovesItByTenAtMost(@ForAll @IntRange(min = 0, max = 10_000) int seed) {
    var estimate = seen(64 << 10, 1_200, 0.05, new Random(seed));
    assertThat((double) estimate.bytesPerConnection())
        .isCloseTo((double) (64 << 10), withPercentage(10));
  }

  @Test
  void oneWildReadingMovesItLittle() {
    var estimate = seen(64 << 10, 1_000, 0, new Random(1));
    var wild = estimate.with("a", 500, 2L << 30, START.plusSeconds(181)).fitted();
    assertThat((double) wild.bytesPerConnection())
        .isCloseTo((double) estimate.bytesPerConnection(), withPercentage(5));
  }

  /**
   * Seven pods rise to 900 connections within half a minute and stay; one of them leaks, and holds
   * so many as {@code held} says of the second from then on. The cost is learned all the same, and
   * {@code more} holds.
   */
  private static void assertALeakIsOutvoted(IntUnaryOperator held, Consumer<CostEstimate> more) {
    long cost = 48 << 10;
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (int second = 0; second < 3_000; second++) {
      int steady = Math.min(900, 30 * second);
      for (int pod = 0; pod < 6; pod++) {
        estimate =
            estimate.with("pod-" + pod, steady, BASE + cost * steady, START.plusSeconds(second));
      }
      int leaks = second < 30 ? steady : held.applyAsInt(second);
      long leaked = 18L * (second << 10);
      estimate =
          estimate.with("leaks", leaks, BASE + cost * leaks + leaked, START.plusSeconds(second));
      if (second > 60) {
        CostEstimate fitted = estimate.fitted();
        assertThat((double) fitted.bytesPerConnection())
            .as("after %d s, when the leaking pod has %d connections", second, leaks)
            .isCloseTo((double) cost, withPercentage(10));
        more.accept(fitted);
      }
    }
  }

  /**
   * Long after, the leak's pod holds fewer for some minutes, and as many as before again: it alone
   * tells a slope that is fresh, and that slope is the leak's.
   */
  @Test
  void aLeakIsOutvotedAlsoWhenAllOthersHaveLongBeenAtOneLevel() {
    assertALeakIsOutvoted(second -> second >= 2_000 && second < 2_400 ? 780 : 900, fitted -> {});
  }

  /**
   * The leak's limit is cut again and again: its pod holds ever fewer connections, from which a
   * pod's base is told best, and it alone has been at other levels lately.
   */
  @Test
  void aLeakIsOutvotedAlsoWhenItsPodHoldsTheFewestConnections() {
    assertALeakIsOutvoted(
        second -> (int) (900 * Math.pow(0.75, Math.max(0, second / 30 - 90))),
        fitted ->
            assertThat((double) fitted.neededBytes())
                .as("at %d bytes a connection", fitted.bytesPerConnection())
                .isCloseTo((double) BASE, withPercentage(10)));
  }

  @Test
  void anHourAtOneLevelDoesNotWashOutTheOthers() {
    var estimate = seen(64 << 10, 1_000, 0, new Random(1));
    for (int second = 180; second < 3_780; second++) {
      estimate = estimate.with("a", 1_000, BASE + (1_000L * (64 << 10)), START.plusSeconds(second));
    }
    assertThat((double) estimate.bytesPerConnection())
        .isCloseTo((double) (64 << 10), withPercentage(5));
  }

  /**
   * Three pods of up to 600 connections by day; at night, of a few tens, each comes to hold more
   * without any connection to show for it, up to 24 MiB; the next day brings them back. Of the
   * night remains the base, and of the day the cost.
   */
  private static void assertANightIsNotTakenForConnections(IntBinaryOperator byNight) {
    var chance = new Random(3);
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    double[] peaks = new double[3];
    for (int second = 0; second < 24_000; second++) {
      double hour = second / 3_600.0;
      double byDay = 600 * Math.sin(Math.PI * hour / 2) * (hour < 2 ? 1 : hour > 6 ? 0.6 : 0);
      double night = Math.clamp((hour - 2) / 4, 0, 1);
      for (int pod = 0; pod < peaks.length; pod++) {
        int connections = (int) Math.max(Math.abs(byDay), byNight.applyAsInt(second, pod));
        double grown = night * (8 << 20) * (pod + 1);
        double bytes = (double) BASE + grown + connections * 65_536.0;
        // as a pod below its peak teaches nothing
        peaks[pod] = Math.max(connections, peaks[pod] * Math.pow(0.5, 1 / 120.0));
        if (connections >= 0.95 * peaks[pod]) {
          long told = Math.round(bytes * (1 + 0.01 * chance.nextGaussian()));
          estimate = estimate.with("pod-" + pod, connections, told, START.plusSeconds(second));
        }
      }
      if (second > 7_200 && second % 60 == 0) {
        assertThat((double) estimate.fitted().bytesPerConnection())
            .as("after %d s", second)
            .isCloseTo(65_536, withPercentage(15));
      }
    }
    assertThat((double) estimate.fitted().neededBytes())
        .isCloseTo((double) BASE + (16 << 20), withPercentage(15));
  }

  @Test
  void whatPodsComeToHoldInAQuietNightIsNotTakenForWhatConnectionsCost() {
    assertANightIsNotTakenForConnections((second, pod) -> 30 + 10 * pod);
  }

  @Test
  void norWhereThereIsSomeLoadAtNight() {
    assertANightIsNotTakenForConnections(
        (second, pod) -> (int) (45 + 15 * Math.sin(second / 600.0 + pod)));
  }

  @Test
  void norWhereNobodyIsThereAtNight() {
    assertANightIsNotTakenForConnections((second, pod) -> 0);
  }

  /**
   * A pod's load rises so slowly that of its levels two are fresh, with few connections between
   * them, and its memory strays: most of what lies between the two is noise.
   */
  @Test
  void levelsCloseToEachOtherTellLittle() {
    long cost = 48 << 10;
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (int second = 0; second < 10_000; second++) {
      int connections = 300 + second / 25;
      double stray = 1 + 0.02 * Math.sin(second / 20.0);
      long bytes = BASE + Math.round(cost * connections * stray);
      estimate = estimate.with("a", connections, bytes, START.plusSeconds(second));
      if (connections >= 520) {
        assertThat((double) estimate.fitted().bytesPerConnection())
            .as("with %d connections", connections)
            .isCloseTo((double) cost, withPercentage(30));
      }
    }
  }

  @Test
  void aFewConnectionsAreNoReasonToBelieveMuch() {
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (int second = 0; second < 60; second++) {
      // A process that warms up: its memory rises by itself.
      estimate =
          estimate.with("a", second / 20, BASE + second * (100L << 10), START.plusSeconds(second));
    }
    assertThat((double) estimate.bytesPerConnection())
        .isCloseTo((double) CostBook.GUESS, withPercentage(50));
  }

  @Test
  void aFewCostlyConnectionsAreBelieved() {
    assertThat(seen(4 << 20, 8, 0.02, new Random(1)).trust()).isEqualTo(1);
  }

  @Test
  void onePodWithMoreCodeThanTheOthersIsNoReasonToExpectIt() {
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (String pod : List.of("a", "b", "c")) {
      estimate = estimate.with(pod, 10, BASE, START).withCode(pod, 12 << 20);
    }
    long before = estimate.fitted().neededBytes();
    estimate = estimate.with("a", 10, BASE, START).withCode("a", 40 << 20);
    assertThat(estimate.fitted().neededBytes()).isEqualTo(before);
  }

  @Test
  void aMomentsWildCodeIsForgotten() {
    var estimate = CostEstimate.unlearned(CostBook.GUESS).with("a", 10, BASE, START);
    long before = estimate.withCode("a", 12 << 20).fitted().neededBytes();
    estimate = estimate.withCode("a", 40 << 20).withCode("a", 12 << 20);
    assertThat(estimate.fitted().neededBytes()).isEqualTo(before);
  }

  @Test
  void theLeastThatPodsHoldBeyondTheirNeedCounts() {
    var estimate =
        CostEstimate.unlearned(CostBook.GUESS)
            .withOverheads(List.of(new Overhead("a", 10, 50 << 20)))
            .withOverheads(
                List.of(new Overhead("b", 5, 40 << 20), new Overhead("c", 600, 60 << 20)));
    assertThat(estimate.podBytes()).isEqualTo(40 << 20);
  }

  @Test
  void ofPodsAsFullAsOneThatWasSeenToGrow() {
    var few = after(CostEstimate.unlearned(CostBook.GUESS), new Overhead("a", 10, 20 << 20));
    var grown = few.with("a", 10, 10 << 20, START).with("a", 500, 40 << 20, START.plusSeconds(60));
    var both = List.of(new Overhead("a", 500, 34 << 20), new Overhead("b", 470, 30 << 20));
    var many = grown.withOverheads(both);
    assertThat(many.overhead()).hasValue(30 << 20);
    assertThat(grown.withOverheads(both.reversed())).isEqualTo(many);
    assertThat(after(many, new Overhead("a", 500, 40 << 20)).overhead()).hasValue(30 << 20);

    // what others have left behind is no need of the pod's, and an emptier one's need is less
    assertThat(after(many, new Overhead("a", 449, 90 << 20)).overhead()).hasValue(30 << 20);
    assertThat(after(many, new Overhead("a", 449, 10 << 20)).overhead()).hasValue(30 << 20);
    assertThat(after(many, new Overhead("a", 600, 33 << 20)).overhead()).hasValue(33 << 20);
  }

  @Test
  void noiseOfMemoryDoesNotLowerWhatAPodHoldsBeyondItsNeed() {
    var chance = new Random(5);
    var estimate = CostEstimate.unlearned(CostBook.GUESS);
    for (int second = 0; second < 3_600; second++) {
      int connections = Math.min(700, second * 12);
      double need = BASE + connections * 32_768.0;
      long live = Math.round(need * (1 + 0.03 * chance.nextGaussian()));
      long held = Math.round((need + (16 << 20)) * (1 + 0.03 * chance.nextGaussian()));
      estimate =
          estimate
              .with("a", connections, live, START.plusSeconds(second))
              .withOverheads(List.of(new Overhead("a", connections, Math.max(0, held - live))));
    }
    assertThat((double) estimate.overhead().orElseThrow()).isCloseTo(16 << 20, withPercentage(25));
  }

  private static CostEstimate after(CostEstimate before, Overhead seen) {
    return before.withOverheads(List.of(seen));
  }
}
