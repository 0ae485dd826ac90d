package dev.berth.operator.local;

import dev.berth.operator.decide.Decision.Report;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is shown after a round.
 *
 * @param processes in the order of their start
 * @param wave absent without a built-in wave
 * @param news what happened in this round
 * @param recent what happened lately, this round included; newest last
 */
record View(
    Instant at,
    Report report,
    List<Line> processes,
    Optional<Wave.State> wave,
    List<Happening> news,
    List<Happening> recent) {

  /** Where a process is in its life. */
  enum Phase {
    STARTING,
    SERVING,
    DRAINING,
    MISSING,
    STOPPING
  }

  /**
   * One process.
   *
   * @param limit the limit in force in the process, 0 while it is not known
   * @param memory bytes, 0 while they are not known
   * @param memoryLimit bytes
   */
  record Line(
      String name, long pid, Phase phase, int active, int limit, long memory, long memoryLimit) {
    /** Connections over the limit; 0 without one. */
    double saturation() {
      return limit == 0 ? 0 : (double) active / limit;
    }
  }

  /** The limits of the serving processes together. */
  int capacity() {
    return processes.stream()
        .filter(line -> line.phase() == Phase.SERVING)
        .mapToInt(Line::limit)
        .sum();
  }
}
