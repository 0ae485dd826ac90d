package dev.berth.operator.local;

import java.io.PrintStream;

/**
 * Views as a table that is redrawn in place on a terminal: lines are overwritten, never cleared
 * first, and each picture is one write, so that nothing flickers. The last picture stays.
 */
final class Screen implements Display {
  private static final String CLEAR = "\u001b[2J\u001b[H";
  private static final String TO_LINE_END = "\u001b[K";
  private static final String TO_SCREEN_END = "\u001b[J";

  private final PrintStream out;
  private final Table table;
  private final boolean colour;
  private int drawn;
  private TerminalSize size = TerminalSize.now();

  Screen(PrintStream out, Table table, boolean colour) {
    this.out = out;
    this.table = table;
    this.colour = colour;
  }

  @Override
  public void show(View view) {
    TerminalSize now = TerminalSize.now();
    var picture = new StringBuilder();
    if (!now.equals(size)) {
      picture.append(CLEAR);
      size = now;
    } else if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append("A\r");
    }
    var lines = table.lines(view, size.columns(), size.rows() - 1);
    for (Styled line : lines) {
      picture.append(line.escaped(colour)).append(TO_LINE_END).append('\n');
    }
    picture.append(TO_SCREEN_END);
    drawn = lines.size();
    out.print(picture);
    out.flush();
  }
}
