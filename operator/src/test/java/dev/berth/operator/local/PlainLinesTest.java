package dev.berth.operator.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainLinesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PlainLines lines =
      new PlainLines(new PrintStream(out, true, UTF_8), ZoneOffset.UTC);

  @Test
  void aLineTellsTheFleetAndTheWave() {
    lines.show(Views.draining(900, List.of()));

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "12:00:00  2 → 1 processes; 430 of 500 connections, saturation 84 %, 2.5 refused/s;"
                + " wave falling, 50 s: 431 open, 430 wanted; 900 served, 7 refused, 0 broken\n");
  }

  @Test
  void nothingIsSaidTwice() {
    lines.show(Views.draining(900, List.of()));
    lines.show(Views.draining(950, List.of()));

    assertThat(out.toString(UTF_8)).hasLineCount(1);
  }

  @Test
  void whatHappenedHasItsOwnLine() {
    lines.show(
        Views.draining(
            0, List.of(new Happening(Views.NOON, "Draining", "berth-2: enough", false))));

    assertThat(out.toString(UTF_8)).startsWith("12:00:00  Draining: berth-2: enough\n");
  }
}
