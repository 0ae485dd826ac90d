package dev.berth.e2e.surge;

import dev.berth.e2e.load.Recorded;
import dev.berth.operator.simulate.Panel;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;

/** A surge as a picture: connections, pods, what each of them holds and takes, and refusals. */
final class Drawing {
  private static final int HEIGHT = 230;
  private final Timeline timeline;
  private final List<Timeline.Second> seconds;
  private final double[] times;

  private Drawing(Timeline timeline) {
    this.timeline = timeline;
    this.seconds = timeline.seconds();
    this.times = seconds.stream().mapToDouble(second -> second.at()).toArray();
  }

  /** Writes it as a PNG. */
  static void write(Timeline timeline, Witness witness, Path file) throws IOException {
    var drawing = new Drawing(timeline);
    List<XYChart> panels = drawing.panels(witness);
    try (OutputStream out = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(panels, panels.size(), 1, out, BitmapFormat.PNG);
    }
  }

  private List<XYChart> panels(Witness witness) {
    Panel connections =
        panel("connections")
            .line("wanted", line(second -> second.clients().wanted()), Panel.GREY)
            .line("open", line(second -> second.clients().open()), Panel.BLUE)
            .bound(
                "limits of serving pods",
                line(second ->
                    serving(second, witness).stream().mapToInt(Recorded.Pod::limit).sum()),
                Panel.GREEN);
    Panel pods =
        panel("pods")
            .line("replicas", line(second -> replicas(second, witness)), Panel.BLUE)
            .line("serving", line(second -> serving(second, witness).size()), Panel.GREEN);
    Panel held = panel("connections of each pod");
    Panel memory = panel("memory of each pod, MiB");
    List<String> names = new ArrayList<>(witness.lives().keySet());
    for (String name : names) {
      String suffix = name.substring(name.lastIndexOf('-') + 1);
      Color color =
          Color.getHSBColor((float) names.indexOf(name) / names.size(), /* s= */ 0.6f, 0.75f);
      held.line(suffix, line(second -> of(second, name, Recorded.Pod::active)), color);
      memory.line(
          suffix,
          line(second -> of(second, name, pod -> pod.workingSet() / (double) (1 << 20))),
          color);
    }
    memory.bound("limit", line(second -> Shape.MEBIBYTES), Panel.RED);
    Panel ends =
        new Panel("clients each second", "seconds", times, HEIGHT)
            .line("refused", each(Recorded.Clients::refused), Panel.ORANGE)
            .line("no server", each(Recorded.Clients::unreachable), Panel.GREY)
            .line("broken", each(Recorded.Clients::broken), Panel.RED)
            .line("ended well", each(Recorded.Clients::graceful), Panel.GREEN);
    return List.of(connections.chart(), pods.chart(), held.chart(), memory.chart(), ends.chart());
  }

  private Panel panel(String title) {
    return new Panel(title, "", times, HEIGHT);
  }

  private double[] line(ToDoubleFunction<Timeline.Second> figure) {
    return seconds.stream().mapToDouble(figure).toArray();
  }

  /** What a counter grew by in each second. */
  private double[] each(ToDoubleFunction<Recorded.Clients> counter) {
    double[] values = new double[times.length];
    for (int i = 1; i < values.length; i++) {
      values[i] =
          counter.applyAsDouble(seconds.get(i).clients())
              - counter.applyAsDouble(seconds.get(i - 1).clients());
    }
    return values;
  }

  private static double of(
      Timeline.Second second, String name, ToDoubleFunction<Recorded.Pod> figure) {
    Recorded.Pod pod = second.pods().get(name);
    return pod == null ? 0 : figure.applyAsDouble(pod);
  }

  private List<Recorded.Pod> serving(Timeline.Second second, Witness witness) {
    return second.pods().values().stream()
        .filter(pod -> witness.serves(pod.name(), end(second)))
        .toList();
  }

  private int replicas(Timeline.Second second, Witness witness) {
    return Witness.last(witness.replicas(), end(second)).map(Witness.Change::to).orElse(0);
  }

  private long end(Timeline.Second second) {
    return timeline.begins() + second.at() * 1000L + 999;
  }
}
