package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What the control loop must never do, over random loads and mishaps. */
class NeverTest {
  /** So much load for so long, with something gone wrong. */
  record Stretch(int connections, int seconds, Mishap mishap) {}

  enum Mishap {
    NONE,
    POD_SILENT,
    OPERATOR_RESTARTED,
    POD_KILLED
  }

  @Provide
  Arbitrary<Stretch> stretches() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4_000),
            Arbitraries.integers().between(1, 60),
            Arbitraries.of(Mishap.class))
        .as(Stretch::new);
  }

  @Property(tries = 200)
  void breaksItsWord(
      @ForAll @Size(min = 1, max = 8) List<@net.jqwik.api.From("stretches") Stretch> trace,
      @ForAll @IntRange(min = 1, max = 4) int min,
      @ForAll @IntRange(min = 0, max = 8) int more,
      @ForAll @LongRange(min = 8 << 10, max = 200 << 10) long cost,
      @ForAll boolean ordinals,
      @ForAll long seed) {
    var down = Behavior.DEFAULT_DOWN;
    var policy =
        Policies.with(
            Policies.DEFAULT,
            Policy.UpdateMode.AUTO,
            min,
            min + more,
            new Behavior(
                Behavior.DEFAULT_UP,
                new Behavior.Rules(
                    Duration.ofSeconds(5), down.select(), down.rates(), down.tolerance())));
    var fleet = new Fleet(policy, min, cost, new Random(seed));
    fleet.removal =
        ordinals ? Workload.Removal.HIGHEST_ORDINAL_FIRST : Workload.Removal.CHEAPEST_FIRST;
    for (Stretch stretch : trace) {
      befall(fleet, stretch.mishap());
      for (int i = 0; i < stretch.seconds(); i++) {
        holds(fleet, fleet.observe(), fleet.second(stretch.connections()));
      }
      fleet.pods.forEach(pod -> pod.answers = true);
    }
  }

  private static void befall(Fleet fleet, Mishap mishap) {
    var pod = fleet.pods.get(fleet.chance.nextInt(fleet.pods.size()));
    switch (mishap) {
      case NONE -> {}
      case POD_SILENT -> pod.answers = false;
      case OPERATOR_RESTARTED ->
          fleet.history =
              History.resumed(
                  fleet.last.report().figures().bytesPerConnection(),
                  fleet.last.report().connectionLimit());
      case POD_KILLED -> {
        pod.age = 0;
        pod.active = 0;
        pod.rejected = 0;
      }
    }
  }

  private static void holds(Fleet fleet, Observation before, Decision decision) {
    Policy policy = fleet.policy;
    assertThat(fleet.replicas).isBetween(policy.minReplicas(), policy.maxReplicas());
    assertThat(decision.actions().limits().values())
        .allSatisfy(limit ->
            assertThat(limit)
                .isBetween(policy.connections().minLimit(), policy.connections().maxLimit()));
    assertThat(fleet.lost).as("connections lost by a removal").isZero();
    assertThat(fleet.pods.size() - fleet.observe().draining().size())
        .as("pods that stay")
        .isGreaterThanOrEqualTo(policy.minReplicas());
    if (decision.actions().scale() instanceof Scale.Remove(int to, var pods)) {
      assertThat(before.draining()).extracting(Pod::name).containsAll(pods);
      assertThat(to).isEqualTo(before.workload().replicas() - pods.size());
    }
    var touched = new ArrayList<>(decision.actions().drain());
    touched.retainAll(decision.actions().undrain());
    assertThat(touched).isEmpty();
  }
}
