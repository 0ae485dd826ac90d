package dev.berth.operator.local;

import dev.berth.operator.decide.Decision.Figures;
import dev.berth.operator.decide.Decision.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Views for tests of what is shown. */
final class Views {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private Views() {}

  /** Two processes, one of them draining, in the fall of a wave; {@code served} requests so far. */
  static View draining(long served, List<Happening> news) {
    var figures = new Figures(430, 2.5, 0.84, 68_000, 60 << 20, 1);
    var report =
        new Report(
            2,
            1,
            OptionalInt.of(500),
            figures,
            "saturation 43 % of 2 × 500: 1 pod would do at the target of 70 %; 0 of 1 draining pods are empty, 10 connections remain",
            List.of(),
            List.of(),
            List.of());
    return new View(
        NOON,
        report,
        List.of(
            new View.Line("berth-1", 4711, View.Phase.SERVING, 420, 500, 96L << 20, 128L << 20),
            new View.Line("berth-2", 4712, View.Phase.DRAINING, 10, 500, 70L << 20, 128L << 20),
            new View.Line("berth-3", 4713, View.Phase.STARTING, 0, 0, 0, 128L << 20)),
        Optional.of(
            new Wave.State(
                WaveShape.Phase.FALL, Duration.ofSeconds(50), 1_500, 430, 431, served, 7, 0, 0)),
        news,
        news);
  }
}
