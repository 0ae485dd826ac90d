package dev.berth.operator.simulate;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The dice of a simulated world. Owned by the world's thread. */
final class Chance {
  private final RandomGenerator random;

  Chance(long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** A whole number from 0 up to, but not, {@code bound}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A whole number of both ends, or between. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** From 0 up to, but not, 1. */
  double part() {
    return random.nextDouble();
  }

  /** Of the standard normal distribution. */
  double normal() {
    return random.nextGaussian();
  }

  /**
   * How many of {@code trials} succeed when each does with {@code probability}: the gaps between
   * successes are drawn, so that it costs what succeeds rather than what is tried.
   */
  int successes(int trials, double probability) {
    if (probability <= 0 || trials <= 0) {
      return 0;
    }
    if (probability >= 1) {
      return trials;
    }
    double logFailure = Math.log1p(-probability);
    int count = 0;
    double at = Math.floor(Math.log1p(-random.nextDouble()) / logFailure);
    while (at < trials) {
      count++;
      at += 1 + Math.floor(Math.log1p(-random.nextDouble()) / logFailure);
    }
    return count;
  }
}
