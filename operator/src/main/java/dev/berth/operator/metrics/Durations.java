package dev.berth.operator.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of rounds in a dozen words.
 *
 * <p>Safe for any number of threads, though a reader between two writes may see the sum without the
 * count.
 */
final class Durations {
  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, Double.POSITIVE_INFINITY
  };

  // A count for each bound, and at the end the sum in nanoseconds
  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);

  void record(Duration round) {
    double seconds = round.toNanos() / 1e9;
    int bucket = 0;
    while (seconds > BOUNDS[bucket]) {
      bucket++;
    }
    counts.incrementAndGet(bucket);
    counts.addAndGet(BOUNDS.length, round.toNanos());
  }

  HistogramDataPointSnapshot snapshot(Labels labels) {
    long[] each = new long[BOUNDS.length];
    for (int bucket = 0; bucket < each.length; bucket++) {
      each[bucket] = counts.get(bucket);
    }
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(BOUNDS, each),
        counts.get(BOUNDS.length) / 1e9,
        labels,
        Exemplars.EMPTY,
        0L);
  }
}
