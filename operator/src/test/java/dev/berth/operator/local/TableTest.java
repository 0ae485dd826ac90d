package dev.berth.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table TABLE = new Table("berth local · here", ZoneOffset.UTC);
  private static final Happening SCALED =
      new Happening(Views.NOON, "Scaled", "1 → 2: saturation 80 % of 1 × 500", false);

  private static String text(List<Styled> lines) {
    return lines.stream()
        .map(line -> line.text().stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void aFleetInTheFallOfAWave() {
    assertThat(text(TABLE.lines(Views.draining(900, List.of(SCALED)), 96, 40)))
        .isEqualTo(
            """
            berth local · here

            PROCESS       PID  PHASE     ACTIVE   LIMIT  SATURATION                           MEMORY
            berth-1      4711  serving      420     500  ████████████████▊     84 %     96Mi / 128Mi
            berth-2      4712  draining      10     500  ▍                      2 %     70Mi / 128Mi
            berth-3      4713  starting       –       –                                            –

            fleet  2 → 1 processes; 430 of 500 connections, saturation 84 %, 2.5 refused/s
            cost   66.4Ki a connection, 100 % learned; 60Mi for a process without any
            wave   falling, 50 s: 431 open, 430 wanted; 900 served, 7 refused, 0 broken
            now    saturation 43 % of 2 × 500: 1 pods would do at the target of 70 %; 0 of 1 draining pods
                   are empty, 10 connections remain

            12:00:00  Scaled       1 → 2: saturation 80 % of 1 × 500
            """);
  }

  @Test
  void onlyProcessesThatServeStandOutLeast() {
    var lines = TABLE.lines(Views.draining(0, List.of()), 96, 40);

    assertThat(lines.get(3).escaped(true)).doesNotContain("\u001b");
    assertThat(lines.get(4).escaped(true)).startsWith("\u001b[33m").endsWith("\u001b[0m");
    assertThat(lines.get(4).escaped(false)).doesNotContain("\u001b");
  }

  @Test
  void eightyColumnsHoldAllButTheLengthOfTheBars() {
    var lines = TABLE.lines(Views.draining(0, List.of()), 80, 24);

    assertThat(lines).noneMatch(line -> line.text().contains("…"));
    assertThat(lines.get(2).text()).endsWith("MEMORY");
    assertThat(lines.get(3).text()).endsWith("  84 %     96Mi / 128Mi");
  }

  @Property(tries = 200)
  void itFitsAnyTerminal(
      @ForAll @IntRange(min = 1, max = 200) int width,
      @ForAll @IntRange(min = 1, max = 60) int height) {
    var lines = TABLE.lines(Views.draining(1, List.of(SCALED, SCALED)), width, height);

    assertThat(lines).hasSizeLessThanOrEqualTo(height);
    assertThat(lines).allSatisfy(line -> assertThat(line.text()).hasSizeLessThanOrEqualTo(width));
  }
}
