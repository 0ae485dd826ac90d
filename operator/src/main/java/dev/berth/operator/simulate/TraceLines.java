package dev.berth.operator.simulate;

import dev.berth.operator.simulate.Trace.Load;
import dev.berth.operator.simulate.Trace.Mishap;
import dev.berth.operator.simulate.Trace.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The lines of a trace's file. An empty cell of a load is as in the row before, of a mishap
 * nothing.
 */
final class TraceLines {
  private static final double DAYS_31 = 31 * 24 * 3600;
  private static final int MOST_CONNECTIONS = 1_000_000;

  private final List<Column> columns = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final int number;

  /** What is wrong, with the line, to be put behind the file's name. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(int line, String sentence) {
      super(", line %d: %s".formatted(line, sentence));
    }

    Malformed(String sentence) {
      super(": " + sentence);
    }
  }

  private TraceLines(int number, String header) throws Malformed {
    this.number = number;
    for (String word : cells(header)) {
      Column column =
          Column.named(word)
              .orElseThrow(() ->
                  new Malformed(
                      number, "\"%s\" is no column; there are %s".formatted(word, words())));
      if (columns.contains(column)) {
        throw new Malformed(number, "the column %s is there twice".formatted(word));
      }
      columns.add(column);
    }
    for (Column needed : List.of(Column.TIME, Column.CONNECTIONS, Column.COST)) {
      if (!columns.contains(needed)) {
        throw new Malformed(
            number,
            "the first line that is no comment must name the columns, and %s is not among them; time, connections and cost are needed"
                .formatted(needed.word()));
      }
    }
  }

  static Trace parse(String text) throws Malformed {
    List<String> lines = text.lines().toList();
    int at = 0;
    while (at < lines.size() && comment(lines.get(at))) {
      at++;
    }
    if (at == lines.size()) {
      throw new Malformed("there is no line but comments; the first must name the columns");
    }
    var table = new TraceLines(at + 1, lines.get(at));
    for (int i = at + 1; i < lines.size(); i++) {
      if (!comment(lines.get(i))) {
        table.row(i + 1, lines.get(i));
      }
    }
    return table.trace();
  }

  private static boolean comment(String line) {
    return line.isBlank() || line.startsWith("#");
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }

  private static String words() {
    return Arrays.stream(Column.values()).map(Column::word).collect(Collectors.joining(", "));
  }

  private void row(int line, String text) throws Malformed {
    List<String> cells = cells(text);
    if (cells.size() != columns.size()) {
      throw new Malformed(
          line,
          "there are %d cells; line %d names %d columns"
              .formatted(cells.size(), number, columns.size()));
    }
    Map<Column, Double> values = new EnumMap<>(Column.class);
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        values.put(columns.get(i), value(line, columns.get(i), cells.get(i)));
      }
    }
    rows.add(new Row(time(line, values), load(line, values), mishap(values)));
  }

  private static double value(int line, Column column, String cell) throws Malformed {
    return column
        .value(cell)
        .orElseThrow(() ->
            new Malformed(
                line,
                "%s is \"%s\"; it must be %s".formatted(column.word(), cell, column.right())));
  }

  private double time(int line, Map<Column, Double> values) throws Malformed {
    Double time = values.get(Column.TIME);
    if (time == null) {
      throw new Malformed(line, "there is no time; it must be " + Column.TIME.right());
    }
    if (rows.isEmpty() && time != 0) {
      throw new Malformed(line, "time is %s; the first row's must be 0".formatted(shown(time)));
    }
    if (!rows.isEmpty() && time <= rows.getLast().second()) {
      throw new Malformed(
          line,
          "time is %s s; it must be above that of the row before, %s s"
              .formatted(shown(time), shown(rows.getLast().second())));
    }
    if (time > DAYS_31) {
      throw new Malformed(line, "time is %s s; it must be within 31 days".formatted(shown(time)));
    }
    return time;
  }

  private Load load(int line, Map<Column, Double> values) throws Malformed {
    double connections = loaded(line, values, Column.CONNECTIONS, 0);
    double cost = loaded(line, values, Column.COST, 0);
    if (connections > MOST_CONNECTIONS) {
      throw new Malformed(
          line,
          "connections is %s; it must be at most %d"
              .formatted(shown(connections), MOST_CONNECTIONS));
    }
    if (cost < 1) {
      throw new Malformed(line, "cost is %s; it must be at least 1 byte".formatted(shown(cost)));
    }
    return new Load(
        connections,
        cost,
        loaded(line, values, Column.CHURN, 0),
        loaded(line, values, Column.BUSY, 1));
  }

  private double loaded(int line, Map<Column, Double> values, Column column, double absent)
      throws Malformed {
    Double value = values.get(column);
    if (value != null) {
      return value;
    }
    if (!columns.contains(column)) {
      return absent;
    }
    if (rows.isEmpty()) {
      throw new Malformed(
          line,
          "%s is empty; in the first row it must be %s".formatted(column.word(), column.right()));
    }
    Load before = rows.getLast().load();
    return switch (column) {
      case CONNECTIONS -> before.connections();
      case COST -> before.cost();
      case CHURN -> before.churn();
      case BUSY -> before.busy();
      default -> absent;
    };
  }

  private static Mishap mishap(Map<Column, Double> values) {
    return new Mishap(
        values.getOrDefault(Column.METRICS_LOST, 0.0),
        values.getOrDefault(Column.PODS_KILLED, 0.0).intValue(),
        values.getOrDefault(Column.LEAK, 0.0),
        values.getOrDefault(Column.LEAK_ALL, 0.0),
        values.getOrDefault(Column.HOT_DRAW, 1.0),
        values.getOrDefault(Column.HOT_COST, 1.0));
  }

  private static String shown(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private Trace trace() throws Malformed {
    if (rows.size() < 2) {
      throw new Malformed(
          "there %s; a trace needs at least two, its beginning and its end"
              .formatted(rows.isEmpty() ? "is no row" : "is one row"));
    }
    return new Trace(rows);
  }
}
