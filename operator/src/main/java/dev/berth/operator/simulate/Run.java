package dev.berth.operator.simulate;

import java.util.List;

/**
 * What came of one simulation.
 *
 * @param seconds one for each second of the trace
 */
public record Run(Contender contender, List<Second> seconds, Summary summary) {
  public Run {
    seconds = List.copyOf(seconds);
  }
}
