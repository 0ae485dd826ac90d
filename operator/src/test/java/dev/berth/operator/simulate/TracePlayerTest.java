package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TracePlayerTest {
  private static final Trace.Load LOAD = new Trace.Load(100, 10, 0, 1);

  @Test
  void loadMovesInAStraightLineBetweenTwoRows() {
    var player = new TracePlayer(new Trace(List.of(Settings.row(0, 0), Settings.row(10, 50))));

    player.moveTo(4);

    assertThat(player.load(4).connections()).isEqualTo(20);
  }

  @Test
  void afterTheLastRowLoadStays() {
    var player = new TracePlayer(new Trace(List.of(Settings.row(0, 0), Settings.row(10, 50))));

    player.moveTo(12);

    assertThat(player.load(12).connections()).isEqualTo(50);
  }

  @Test
  void aMishapHoldsUntilTheNextRow() {
    var lost = new Trace.Mishap(1, 0, 0, 0, 1, 1);
    var player =
        new TracePlayer(
            new Trace(
                List.of(
                    new Trace.Row(0, LOAD, Trace.Mishap.NONE),
                    new Trace.Row(5, LOAD, lost),
                    new Trace.Row(9, LOAD, Trace.Mishap.NONE))));

    player.moveTo(8.9);
    assertThat(player.mishap()).isEqualTo(lost);
    player.moveTo(9);
    assertThat(player.mishap()).isEqualTo(Trace.Mishap.NONE);
  }

  @Test
  void podsAreKilledOnceByEachRow() {
    var killing = new Trace.Mishap(0, 2, 0, 0, 1, 1);
    var player =
        new TracePlayer(
            new Trace(
                List.of(
                    new Trace.Row(0, LOAD, Trace.Mishap.NONE), new Trace.Row(5, LOAD, killing))));

    assertThat(player.killed()).isZero();
    player.moveTo(5);
    assertThat(player.killed()).isEqualTo(2);
    assertThat(player.killed()).isZero();
  }
}
