package dev.berth.operator.local;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Views as plain lines, for a log or a pipe: one when something has changed since the last, and one
 * for each thing that happened.
 */
final class PlainLines implements Display {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final PrintStream out;
  private final ZoneId zone;
  private String last = "";

  PlainLines(PrintStream out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  @Override
  public void show(View view) {
    String time = TIME.format(view.at().atZone(zone));
    for (Happening each : view.news()) {
      out.println("%s  %s: %s".formatted(time, each.kind(), each.message()));
    }
    String line =
        "%s; %s%s"
            .formatted(
                Sentences.replicas(view.report()),
                Sentences.use(view),
                view.wave().map(wave -> "; wave " + Sentences.wave(wave)).orElse(""));
    // Requests come all the time: they alone are no news.
    String state = line.replaceAll("\\d+ served|, \\d+ s:", "");
    if (!state.equals(last)) {
      last = state;
      out.println(time + "  " + line);
    }
    out.flush();
  }
}
