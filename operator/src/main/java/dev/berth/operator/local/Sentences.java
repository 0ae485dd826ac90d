package dev.berth.operator.local;

import dev.berth.operator.decide.Bytes;
import dev.berth.operator.decide.Decision.Figures;
import dev.berth.operator.decide.Decision.Report;
import java.util.Locale;

/** What is said of a fleet, the same in the table, in plain lines and in the console. */
final class Sentences {
  private Sentences() {}

  /** The number of processes, and where it goes. */
  static String replicas(Report report) {
    int now = report.currentReplicas();
    int desired = report.desiredReplicas();
    String noun = now == 1 && desired == 1 ? "process" : "processes";
    return now == desired ? now + " " + noun : "%d → %d %s".formatted(now, desired, noun);
  }

  /** Connections, room and refusals. */
  static String use(View view) {
    Figures figures = view.report().figures();
    return "%d of %d connections, saturation %s, %s refused/s"
        .formatted(
            figures.activeConnections(),
            view.capacity(),
            percent(figures.saturation()),
            rate(figures.rejectedPerSecond()));
  }

  /** What a connection costs, and how far that is learned. */
  static String cost(Figures figures) {
    return "%s a connection, %s learned; %s for a process without any"
        .formatted(
            Bytes.of(figures.bytesPerConnection()),
            percent(figures.trust()),
            Bytes.of(figures.baseBytes()));
  }

  /** How the wave stands. */
  static String wave(Wave.State wave) {
    String counts =
        "%d served, %d refused, %d broken".formatted(wave.served(), wave.refused(), wave.broken())
            + (wave.unreached() == 0 ? "" : ", %d not reached".formatted(wave.unreached()));
    return switch (wave.phase()) {
      case WAITING -> "%d connections, as soon as a process is ready".formatted(wave.peak());
      case OVER ->
          "over: %s. Serving goes on until Ctrl-C".formatted(counts)
              + (wave.open() == 0 ? "" : " (%d connections leave)".formatted(wave.open()));
      default ->
          "%s, %d s: %d open, %d wanted; %s"
              .formatted(
                  word(wave.phase()), wave.since().toSeconds(), wave.open(), wave.wanted(), counts);
    };
  }

  private static String word(WaveShape.Phase phase) {
    return switch (phase) {
      case WAITING -> "waiting";
      case RISE -> "rising";
      case HOLD -> "holding";
      case FALL -> "falling";
      case EBB -> "ebb";
      case OVER -> "over";
    };
  }

  static String percent(double part) {
    return Math.round(100 * part) + " %";
  }

  private static String rate(double perSecond) {
    return perSecond == 0 || perSecond >= 10
        ? Long.toString(Math.round(perSecond))
        : String.format(Locale.ROOT, "%.1f", perSecond);
  }
}
