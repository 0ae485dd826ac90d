package dev.berth.operator.decide;

import dev.berth.operator.decide.Lesson.Disturbance;
import dev.berth.operator.decide.Lesson.Told;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Prints how far the learned cost of a connection is off after three minutes of ordinary traffic:
 * the least and the most of some lessons, by what a connection costs and what is out of order.
 */
public final class LearningTable {
  static final long[] COSTS = {20_000, 64_000, 500_000};
  private static final int LESSONS = 50;

  private LearningTable() {}

  public static void main(String[] arguments) {
    System.out.println("| pods tell | out of order | 20 KB | 64 KB | 500 KB |");
    System.out.println("|---|---|---|---|---|");
    for (Told told : Told.values()) {
      for (Disturbance disturbance : Disturbance.values()) {
        if (!disturbance.visible(told)) {
          continue;
        }
        System.out.printf(
            "| %s | %s |", told == Told.LIVE ? "live memory" : "working set", disturbance.words);
        for (long cost : COSTS) {
          var errors = errors(cost, disturbance, told, LESSONS).summaryStatistics();
          System.out.printf(" %+.1f to %+.1f %% |", 100 * errors.getMin(), 100 * errors.getMax());
        }
        System.out.println();
      }
    }
  }

  static DoubleStream errors(long cost, Disturbance disturbance, Told told, int lessons) {
    return LongStream.range(0, lessons)
        .mapToDouble(seed -> new Lesson(cost, disturbance, told, seed).error());
  }
}
