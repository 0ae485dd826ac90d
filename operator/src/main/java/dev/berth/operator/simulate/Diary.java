package dev.berth.operator.simulate;

import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Figures;
import dev.berth.operator.decide.Decision.Report;
import java.util.ArrayList;
import java.util.List;

/** What Berth's decisions told: each event, and what was learned last. */
public final class Diary {
  /** Something that changed, and when. */
  public record Entry(double second, Event.Kind kind, String message) {}

  private final List<Entry> entries = new ArrayList<>();
  private Figures figures = new Figures(0, 0, 0, 0, 0, 0);

  Diary() {}

  void note(double second, Report report) {
    figures = report.figures();
    for (Event event : report.events()) {
      entries.add(new Entry(second, event.kind(), event.message()));
    }
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  Figures figures() {
    return figures;
  }
}
