package dev.berth.operator.simulate;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;

/** A run, or several of one trace, as a picture: connections, pods, memory, and what went wrong. */
public final class Plot {
  private static final int POINTS = 1_000;
  private static final int HEIGHT = 260;
  private final int bucket;
  private final String unit;
  private final double[] times;

  private Plot(Run any) {
    int seconds = any.seconds().size();
    this.bucket = Math.max(1, Math.ceilDiv(seconds, POINTS));
    double of = seconds >= 4 * 3600 ? 3600 : seconds >= 240 ? 60 : 1;
    this.unit = of == 3600 ? "hours" : of == 60 ? "minutes" : "seconds";
    this.times = new double[Math.ceilDiv(seconds, bucket)];
    for (int i = 0; i < times.length; i++) {
      times[i] = (double) i * bucket / of;
    }
  }

  /** Writes one run, with all of its figures, as a PNG. */
  public static void write(String title, Run run, Setting setting, Path file) throws IOException {
    var plot = new Plot(run);
    double mebi = 1 << 20;
    save(
        List.of(
            plot.panel(title + ": connections")
                .line("wanted", plot.last(run, Second::wanted), Panel.GREY)
                .line("open", plot.last(run, Second::open), Panel.BLUE)
                .bound(
                    "limit × ready pods",
                    plot.last(run, each -> (double) each.limit() * each.ready()),
                    Panel.GREEN)
                .chart(),
            plot.panel("pods")
                .line("replicas", plot.last(run, Second::replicas), Panel.BLUE)
                .line("ready", plot.last(run, Second::ready), Panel.GREEN)
                .chart(),
            plot.panel("memory of the fullest pod, MiB")
                .line("used", plot.most(run, each -> each.memory() / mebi), Panel.BLUE)
                .bound("limit", plot.last(run, each -> setting.memory() / mebi), Panel.RED)
                .chart(),
            plot.bottom("clients each second")
                .line("refused", plot.most(run, Second::refused), Panel.ORANGE)
                .line("no pod", plot.most(run, Second::unreachable), Panel.GREY)
                .line("broken", plot.most(run, Second::broken), Panel.RED)
                .line("lost with killed pods", plot.most(run, Second::lost), Panel.BLUE)
                .line("ended well", plot.most(run, Second::graceful), Panel.GREEN)
                .chart()),
        file);
  }

  /** Writes several runs of one trace, a line for each, as a PNG. */
  public static void compare(String title, List<Run> runs, Setting setting, Path file)
      throws IOException {
    var plot = new Plot(runs.getFirst());
    double mebi = 1 << 20;
    Panel open = plot.panel(title + ": open connections");
    open.bound("wanted", plot.last(runs.getFirst(), Second::wanted), Panel.GREY);
    Panel pods = plot.panel("ready pods");
    Panel memory = plot.panel("memory of the fullest pod, MiB");
    memory.bound("limit", plot.last(runs.getFirst(), each -> setting.memory() / mebi), Panel.GREY);
    Panel lost = plot.bottom("clients refused, without a pod, or broken each second");
    // Berth last, so that its line lies above the others
    for (Run run : runs.reversed()) {
      Color color = color(run.contender());
      String name = run.contender().title();
      open.line(name, plot.last(run, Second::open), color);
      pods.line(name, plot.last(run, Second::ready), color);
      memory.line(name, plot.most(run, each -> each.memory() / mebi), color);
      lost.line(
          name,
          plot.most(run, each -> each.refused() + each.unreachable() + (double) each.broken()),
          color);
    }
    save(List.of(open.chart(), pods.chart(), memory.chart(), lost.chart()), file);
  }

  private static Color color(Contender contender) {
    return switch (contender) {
      case BERTH -> Panel.BLUE;
      case MEMORY -> Panel.RED;
      case CONNECTIONS -> Panel.ORANGE;
      case CONNECTIONS_LIMITED -> Panel.GREEN;
    };
  }

  private Panel panel(String title) {
    return new Panel(title, "", times, HEIGHT);
  }

  private Panel bottom(String title) {
    return new Panel(title, unit, times, HEIGHT);
  }

  private double[] last(Run run, ToDoubleFunction<Second> figure) {
    double[] values = new double[times.length];
    for (int i = 0; i < run.seconds().size(); i++) {
      values[i / bucket] = figure.applyAsDouble(run.seconds().get(i));
    }
    return values;
  }

  private double[] most(Run run, ToDoubleFunction<Second> figure) {
    double[] values = new double[times.length];
    for (int i = 0; i < run.seconds().size(); i++) {
      values[i / bucket] = Math.max(values[i / bucket], figure.applyAsDouble(run.seconds().get(i)));
    }
    return values;
  }

  private static void save(List<XYChart> panels, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(panels, panels.size(), 1, out, BitmapFormat.PNG);
    }
  }
}
