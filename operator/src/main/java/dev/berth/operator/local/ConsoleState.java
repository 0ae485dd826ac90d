package dev.berth.operator.local;

import dev.berth.operator.decide.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the console's page shows, in the shape of its JSON.
 *
 * @param fleet, cost, wave, reason sentences; empty where there is nothing to say
 * @param events newest first
 * @param samples one for each round of the last five minutes, oldest first
 */
record ConsoleState(
    String header,
    String fleet,
    String cost,
    String wave,
    String reason,
    List<Row> processes,
    List<Event> events,
    List<Sample> samples) {
  private static final int SAMPLES = 300;

  static final ConsoleState EMPTY =
      new ConsoleState("", "", "", "", "", List.of(), List.of(), List.of());

  /** A process; {@code memory} in words, {@code saturation} 1 when full. */
  record Row(
      String name,
      long pid,
      String phase,
      int active,
      int limit,
      double saturation,
      String memory) {}

  /** Something that happened; {@code at} in ISO 8601. */
  record Event(String at, String kind, String message, boolean warning) {}

  /**
   * The figures of a round.
   *
   * @param at milliseconds since 1970
   * @param limit of the serving processes together
   */
  record Sample(
      long at,
      int active,
      int limit,
      double saturation,
      int replicas,
      int desired,
      double refused,
      boolean decided) {}

  /** This state after a round. */
  ConsoleState next(String newHeader, View view) {
    return new ConsoleState(
        newHeader,
        Sentences.replicas(view.report()) + "; " + Sentences.use(view),
        Sentences.cost(view.report().figures()),
        view.wave().map(Sentences::wave).orElse(""),
        view.report().reason(),
        view.processes().stream().map(ConsoleState::row).toList(),
        view.recent().reversed().stream()
            .map(each ->
                new Event(each.at().toString(), each.kind(), each.message(), each.warning()))
            .toList(),
        Stream.concat(
                samples.stream().skip(Math.max(0, samples.size() - SAMPLES + 1)),
                Stream.of(sample(view)))
            .toList());
  }

  private static Row row(View.Line line) {
    return new Row(
        line.name(),
        line.pid(),
        line.phase().name().toLowerCase(Locale.ROOT),
        line.active(),
        line.limit(),
        line.saturation(),
        line.memory() == 0 ? "–" : Bytes.of(line.memory()) + " / " + Bytes.of(line.memoryLimit()));
  }

  private static Sample sample(View view) {
    var report = view.report();
    return new Sample(
        view.at().toEpochMilli(),
        report.figures().activeConnections(),
        view.capacity(),
        report.figures().saturation(),
        report.currentReplicas(),
        report.desiredReplicas(),
        report.figures().rejectedPerSecond(),
        !view.news().isEmpty());
  }
}
