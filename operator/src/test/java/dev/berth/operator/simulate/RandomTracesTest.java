package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Policy;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What the loop promises, on traces made by chance. {@code -Dberth.traces=3000} tries more of them,
 * {@code -Dberth.firstTrace=17} begins with that one.
 */
class RandomTracesTest {
  private static final int FIRST = Integer.getInteger("berth.firstTrace", 1);
  private static final int COUNT = Integer.getInteger("berth.traces", 30);

  @Test
  void berthKillsNothingAndBreaksNothingOnAnyTrace() {
    Policy policy = Settings.policy();
    for (int seed = FIRST; seed < FIRST + COUNT; seed++) {
      Trace trace = trace(new Random(seed));
      Setting setting =
          new Setting(128L << 20, 38L << 20, 0.02, 0.25, 30, 10, 20, 1, seed)
              .placedFor(trace, policy);

      String named = "trace %d:%n%s".formatted(seed, csv(trace));
      var removals = new Removals();
      Run run = Settings.run(policy, trace, setting, removals);

      assertThat(removals.unchosen()).as("removed in place of others in %s", named).isEmpty();
      assertThat(run.summary().kills()).as("kills for memory in %s", named).isZero();
      assertThat(run.summary().broken()).as("connections broken in %s", named).isZero();
      var replicas = run.seconds().stream().mapToInt(Second::replicas).summaryStatistics();
      assertThat(replicas.getMin())
          .as("replicas in %s", named)
          .isGreaterThanOrEqualTo(policy.minReplicas());
      assertThat(replicas.getMax())
          .as("replicas in %s", named)
          .isLessThanOrEqualTo(policy.maxReplicas());
    }
  }

  /** The trace as a file, to be tried by hand. */
  private static String csv(Trace trace) {
    var text =
        new StringBuilder(
            "time,connections,cost,churn,busy,metrics_lost,pods_killed,hot_draw,hot_cost\n");
    for (Trace.Row row : trace.rows()) {
      text.append(
          "%.1f,%.0f,%.0f,%.5f,%.3f,%.1f,%d,%.3f,%.3f%n"
              .formatted(
                  row.second(),
                  row.load().connections(),
                  row.load().cost(),
                  row.load().churn(),
                  row.load().busy(),
                  row.mishap().metricsLost(),
                  row.mishap().podsKilled(),
                  row.mishap().hotDraw(),
                  row.mishap().hotCost()));
    }
    return text.toString();
  }

  private static Trace trace(Random random) {
    double cost = random.nextInt(8 << 10, 80 << 10);
    double churn = random.nextDouble() * 0.02;
    double busy = random.nextDouble();
    var rows = new ArrayList<Trace.Row>();
    double second = 0;
    int stretches = random.nextInt(1, 7);
    for (int i = 0; i <= stretches; i++) {
      double wanted = random.nextInt(6_000);
      var load = new Trace.Load(wanted, cost, churn, busy);
      rows.add(new Trace.Row(second, load, mishap(random)));
      if (random.nextBoolean()) {
        second += random.nextInt(20, 240);
        rows.add(new Trace.Row(second, load, Trace.Mishap.NONE));
      }
      // up or down within a second, or slowly
      second += random.nextBoolean() ? 1 : random.nextInt(20, 240);
      cost *= 0.95 + 0.1 * random.nextDouble();
    }
    return new Trace(rows);
  }

  private static Trace.Mishap mishap(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Trace.Mishap(0.5, 0, 0, 1, 1);
      case 1 -> new Trace.Mishap(1, 0, 0, 1, 1);
      case 2 -> new Trace.Mishap(0, random.nextInt(1, 3), 0, 1, 1);
      case 3 -> new Trace.Mishap(0, 0, 0, 1 + 3 * random.nextDouble(), 1);
      case 4 -> new Trace.Mishap(0, 0, 0, 1, 1 + random.nextDouble() / 5);
      default -> Trace.Mishap.NONE;
    };
  }
}
