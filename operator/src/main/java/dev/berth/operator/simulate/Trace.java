package dev.berth.operator.simulate;

import java.util.List;

/**
 * What clients want and what befalls the pods, over time. Between two rows {@link Load} moves in a
 * straight line; a {@link Mishap} begins at its row and holds until the next one.
 *
 * @param rows at least one, the first at second 0, in the order of time
 */
public record Trace(List<Row> rows) {
  public Trace {
    rows = List.copyOf(rows);
    if (rows.isEmpty() || rows.getFirst().second() != 0) {
      throw new IllegalArgumentException("a trace begins with a row at second 0");
    }
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i).second() <= rows.get(i - 1).second()) {
        throw new IllegalArgumentException("the rows of a trace are in the order of time");
      }
    }
  }

  /** What a trace says of one time. */
  public record Row(double second, Load load, Mishap mishap) {}

  /**
   * What clients want.
   *
   * @param connections how many they want to hold
   * @param cost bytes that one of them takes of its pod
   * @param churn the part of them that ends, and is replaced by others, each second
   * @param busy the part of them that asks at intervals; the others are idle for long
   */
  public record Load(double connections, double cost, double churn, double busy) {
    Load toward(Load later, double part) {
      return new Load(
          between(connections, later.connections, part),
          between(cost, later.cost, part),
          between(churn, later.churn, part),
          between(busy, later.busy, part));
    }

    private static double between(double from, double to, double part) {
      return from + (to - from) * part;
    }
  }

  /**
   * What goes wrong. "The first pod" is the oldest.
   *
   * @param metricsLost the part of the pods whose metrics can't be read
   * @param podsKilled pods that are gone at once, as with their node
   * @param leak bytes that the first pod loses each second, without any connection to show for it
   * @param leakAll bytes that each pod loses each second
   * @param hotDraw how many times as many new connections the first pod is given as another
   * @param hotCost how many times as much a connection costs in the first pod
   */
  public record Mishap(
      double metricsLost,
      int podsKilled,
      double leak,
      double leakAll,
      double hotDraw,
      double hotCost) {
    static final Mishap NONE = new Mishap(0, 0, 0, 0, 1, 1);

    /** Bytes that a pod loses each second. */
    double leak(boolean first) {
      return leakAll + (first ? leak : 0);
    }

    /** How many times as much a connection costs in a pod as elsewhere. */
    double cost(boolean first) {
      return first ? hotCost : 1;
    }
  }

  /** From the first row to the last, in seconds. */
  public double seconds() {
    return rows.getLast().second();
  }
}
