package dev.berth.operator.simulate;

import java.util.List;

/**
 * What came of one simulation.
 *
 * @param seconds one for each second of the trace
 * @param diary what Berth told; empty for others
 */
public record Run(
    Contender contender, List<Second> seconds, Summary summary, List<Diary.Entry> diary) {
  public Run {
    seconds = List.copyOf(seconds);
    diary = List.copyOf(diary);
  }
}
