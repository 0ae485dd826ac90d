package dev.berth.benchmarks.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slice of what {@link Differential} does: all cases by hand, and some mutations. */
class DifferentialIT {
  private static final int MUTATIONS = 1_500;
  private static final int SEED = 1;

  @ParameterizedTest
  @EnumSource
  void whatBerthAcceptsIsFramedAlikeBy(Counterpart counterpart)
      throws IOException, InterruptedException {
    assumeTrue(
        counterpart.installed(),
        "skipped: no %s in PATH (%s)".formatted(counterpart.title(), counterpart.source()));

    Tally tally = Differential.trial(counterpart, Cases.byHand(), MUTATIONS, SEED);

    assertThat(tally.different()).isEmpty();
    assertThat(tally.count(Comparison.FAILED)).isZero();
    assertThat(tally.count(Comparison.ALIKE)).as("cases that are heard at all").isGreaterThan(150);
  }
}
