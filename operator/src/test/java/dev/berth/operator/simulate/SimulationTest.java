package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
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
  void theSurgeKillsPodsUnderAnAutoscalerOnMemory() {
    var summary =
        Settings.run(Settings.example("surge"), Settings.PODS, Contender.MEMORY).summary();

    assertThat(summary.kills()).isBetween(5, 20);
    assertThat(summary.brokenByKill()).isGreaterThan(5_000);
    assertThat(summary.served()).isLessThan(0.5);
  }

  @Test
  void theSurgeIsRefusedButKillsNothingUnderAFixedLimit() {
    var summary =
        Settings.run(Settings.example("surge"), Settings.PODS, Contender.CONNECTIONS_LIMITED)
            .summary();

    assertThat(summary.kills()).isZero();
    assertThat(summary.refused()).isBetween(3_000L, 12_000L);
  }

  @Test
  void steadyClientsKeepTheirConnections() {
    var last =
        Settings.run(Settings.steady(500, 60), Settings.PODS, Contender.BERTH).seconds().getLast();

    assertThat(last.open()).isEqualTo(500);
  }

  /** So many connections for so long. */
  record Stretch(int connections, int seconds) {}

  @Provide
  Arbitrary<Stretch> stretches() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6_000), Arbitraries.integers().between(10, 300))
        .as(Stretch::new);
  }

  @Property(tries = 30)
  void berthKillsNothingAndBreaksNothing(
      @ForAll @Size(min = 1, max = 6) List<@From("stretches") Stretch> stretches,
      @ForAll @IntRange(min = 8, max = 96) int kibibytes,
      @ForAll @IntRange(min = 0, max = 100) int busy,
      @ForAll long seed) {
    var rows = new ArrayList<Trace.Row>();
    double second = 0;
    for (Stretch stretch : stretches) {
      rows.add(
          new Trace.Row(
              second,
              new Trace.Load(stretch.connections(), kibibytes << 10, 0.005, busy / 100.0),
              Trace.Mishap.NONE));
      second += stretch.seconds();
    }
    rows.add(new Trace.Row(second, rows.getLast().load(), Trace.Mishap.NONE));
    var trace = new Trace(rows);
    var policy = Settings.policy();
    var setting =
        new Setting(128L << 20, 38L << 20, 0.02, 0.25, 30, 10, 20, 1, seed)
            .placedFor(trace, policy);

    Run run = Settings.run(trace, setting, Contender.BERTH);

    assertThat(run.summary().kills()).as("kills for memory").isZero();
    assertThat(run.summary().broken()).as("connections broken").isZero();
    assertThat(run.seconds())
        .allSatisfy(each ->
            assertThat(each.replicas()).isBetween(policy.minReplicas(), policy.maxReplicas()));
  }
}
