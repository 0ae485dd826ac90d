package dev.berth.operator.local;

import dev.berth.operator.decide.Bytes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A view as lines of text for a terminal, none wider than it. Pure: the same view, width and height
 * give the same lines.
 *
 * @param header what stays the same: addresses, memory, what a connection holds
 */
record Table(String header, ZoneId zone) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String ROW = "%-9s %7s  %-8s %7s %7s  %s  %15s";
  private static final int WITHOUT_BAR = 68;
  private static final int LEAST_BAR = 4;
  private static final int MOST_BAR = 20;
  private static final int EVENTS = 6;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  /** The lines, at most {@code height} of them. */
  List<Styled> lines(View view, int width, int height) {
    var lines = new ArrayList<Styled>();
    wrapped("", header, width).forEach(line -> lines.add(Styled.bold(line)));
    lines.add(Styled.plain(""));
    int bar = Math.clamp(width - WITHOUT_BAR, LEAST_BAR, MOST_BAR);
    String saturation = "%-" + (bar + 6) + "s";
    lines.add(
        Styled.dim(
            ROW.formatted(
                "PROCESS",
                "PID",
                "PHASE",
                "ACTIVE",
                "LIMIT",
                saturation.formatted("SATURATION"),
                "MEMORY")));
    view.processes().forEach(line -> lines.add(process(line, bar)));
    lines.add(Styled.plain(""));
    sentence(lines, "fleet", Sentences.replicas(view.report()) + "; " + Sentences.use(view), width);
    sentence(lines, "cost", Sentences.cost(view.report().figures()), width);
    view.wave().ifPresent(wave -> sentence(lines, "wave", Sentences.wave(wave), width));
    sentence(lines, "now", view.report().reason(), width);
    lines.add(Styled.plain(""));
    events(view, lines, Math.min(EVENTS, height - lines.size()));
    return lines.stream().limit(height).map(line -> line.cut(width)).toList();
  }

  private static void sentence(List<Styled> lines, String label, String text, int width) {
    wrapped("%-7s".formatted(label), text, width).forEach(line -> lines.add(Styled.plain(line)));
  }

  private static Styled process(View.Line line, int bar) {
    String memory =
        line.memory() == 0 ? "–" : Bytes.of(line.memory()) + " / " + Bytes.of(line.memoryLimit());
    boolean known = line.phase() == View.Phase.SERVING || line.phase() == View.Phase.DRAINING;
    String percent = known ? Sentences.percent(line.saturation()) : "";
    String text =
        ROW.formatted(
            line.name(),
            line.pid(),
            line.phase().name().toLowerCase(Locale.ROOT),
            known ? line.active() : "–",
            known ? line.limit() : "–",
            bar(known ? line.saturation() : 0, bar) + "%6s".formatted(percent),
            memory);
    return switch (line.phase()) {
      case SERVING -> Styled.plain(text);
      case STARTING -> Styled.green(text);
      case DRAINING -> Styled.yellow(text);
      case MISSING -> Styled.red(text);
      case STOPPING -> Styled.dim(text);
    };
  }

  private static String bar(double part, int length) {
    int eighths = (int) Math.round(Math.clamp(part, 0, 1) * length * 8);
    var bar = new StringBuilder("█".repeat(eighths / 8));
    if (eighths % 8 > 0) {
      bar.append(EIGHTHS.charAt(eighths % 8));
    }
    return bar + " ".repeat(length - bar.length());
  }

  private void events(View view, List<Styled> lines, int room) {
    var recent = view.recent();
    for (Happening each :
        recent.subList(Math.max(0, recent.size() - Math.max(0, room)), recent.size())) {
      String text = "%s  %-12s %s".formatted(clock(each.at()), each.kind(), each.message());
      lines.add(each.warning() ? Styled.red(text) : Styled.dim(text));
    }
  }

  private String clock(Instant at) {
    return TIME.format(at.atZone(zone));
  }

  /** The text in lines no wider than {@code width}, indented under its label. */
  static List<String> wrapped(String label, String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder(label);
    for (String word : text.split(" ", -1)) {
      if (line.length() > label.length() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(label.length()));
      }
      line.append(line.length() > label.length() ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
