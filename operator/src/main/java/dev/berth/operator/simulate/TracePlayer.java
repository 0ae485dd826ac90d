package dev.berth.operator.simulate;

import dev.berth.operator.simulate.Trace.Load;
import dev.berth.operator.simulate.Trace.Mishap;
import dev.berth.operator.simulate.Trace.Row;

/** Reads a trace forward: what it says of now, and what begins now. Owned by the world's thread. */
final class TracePlayer {
  private final Trace trace;
  private int at;
  private int begun = -1;

  TracePlayer(Trace trace) {
    this.trace = trace;
  }

  /** Moves to a time, not before the one moved to last. */
  void moveTo(double second) {
    while (at + 1 < trace.rows().size() && trace.rows().get(at + 1).second() <= second) {
      at++;
    }
  }

  Load load(double second) {
    Row row = trace.rows().get(at);
    if (at + 1 == trace.rows().size()) {
      return row.load();
    }
    Row next = trace.rows().get(at + 1);
    double part = (second - row.second()) / (next.second() - row.second());
    return row.load().toward(next.load(), Math.clamp(part, 0, 1));
  }

  Mishap mishap() {
    return trace.rows().get(at).mishap();
  }

  /** The pods killed by rows that were reached since this was last asked. */
  int killed() {
    int killed = 0;
    while (begun < at) {
      begun++;
      killed += trace.rows().get(begun).mishap().podsKilled();
    }
    return killed;
  }
}
