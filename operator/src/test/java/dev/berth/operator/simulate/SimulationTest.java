package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void equalSeedsGiveEqualRuns() {
    var trace = Settings.example("surge");

    assertThat(Settings.run(trace, Settings.PODS, Contender.BERTH).seconds())
        .isEqualTo(Settings.run(trace, Settings.PODS, Contender.BERTH).seconds());
  }

  @Test
  void theSurgeKillsAndBreaksNothingUnderBerth() {
    var summary = Settings.run(Settings.example("surge"), Settings.PODS, Contender.BERTH).summary();

    assertThat(summary.kills()).isZero();
    assertThat(summary.broken()).isZero();
    assertThat(summary.served()).isGreaterThan(0.995);
    assertThat(summary.refused()).isLessThan(1_500);
  }

  @Test
  void anAutoscalerOnMemoryDoesInTheSurgeWhatItDidOnACluster() {
    var summary = Settings.run(Settings.measured(), Settings.PODS, Contender.MEMORY).summary();

    assertThat(summary.kills()).isBetween(5, 10);
    assertThat(summary.brokenByKill()).isBetween(10_000L, 25_000L);
    assertThat(summary.served()).isBetween(0.04, 0.08);
  }

  @Test
  void aFixedLimitDoesInTheSurgeWhatItDidOnACluster() {
    var policy = Settings.policy();
    var trace = Settings.measured();
    var rivals = Rivals.of(policy, trace, Settings.PODS, OptionalInt.of(1_000));
    var summary =
        Simulation.run(policy, trace, Settings.PODS, rivals, Contender.CONNECTIONS_LIMITED)
            .summary();

    assertThat(summary.kills()).isZero();
    assertThat(summary.refused()).isBetween(3_000L, 35_000L);
    assertThat(summary.served()).isBetween(0.92, 0.995);
  }

  @Test
  void steadyClientsKeepTheirConnections() {
    var last =
        Settings.run(Settings.steady(500, 60), Settings.PODS, Contender.BERTH).seconds().getLast();

    assertThat(last.open()).isEqualTo(500);
  }
}
