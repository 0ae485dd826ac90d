package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Behavior;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.simulate.Trace.Load;
import dev.berth.operator.simulate.Trace.Mishap;
import dev.berth.operator.simulate.Trace.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One pod is full and out of rotation while the others, which are nearly empty, are too many. */
class FullPodTest {
  private static final Mishap FIRST_GETS_ALL = new Mishap(0, 0, 0, 0, 1_000, 1);

  @Test
  void aPodThatIsDrainedGoesBeforeOneThatIsUnreadySinceItIsFull() {
    Policy policy = policy();
    for (int seed = 1; seed <= 60; seed++) {
      var removals = new Removals();
      Trace trace = trace(880 + seed % 12);
      var setting = new Setting(128L << 20, 38L << 20, 0.02, 0.25, 30, 10, 20, 6, seed);
      Settings.run(policy, trace, setting, removals);
      assertThat(removals.unchosen()).as("seed %d", seed).isEmpty();
    }
  }

  private static Trace trace(double most) {
    return new Trace(List.of(row(0, 1), row(20, most), row(150, most)));
  }

  private static Row row(double second, double connections) {
    return new Row(second, new Load(connections, 64 << 10, 0, 0), FIRST_GETS_ALL);
  }

  /** A pod less each 15 s, and nothing is evened out. */
  private static Policy policy() {
    Policy example = Settings.policy();
    var down = Behavior.DEFAULT_DOWN;
    var slowly = List.of(new Behavior.Rate(Behavior.Unit.PODS, 1, Duration.ofSeconds(15)));
    return new Policy(
        example.generation(),
        1,
        20,
        example.mode(),
        new Policy.Connections(50, 50_000, 70, 90, 1_000),
        example.memory(),
        new Behavior(
            Behavior.DEFAULT_UP,
            new Behavior.Rules(Duration.ofSeconds(30), down.select(), slowly, down.tolerance())),
        example.drainTimeout(),
        example.fallback());
  }
}
