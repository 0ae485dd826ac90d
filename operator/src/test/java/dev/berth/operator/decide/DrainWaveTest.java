package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrainWaveTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(10);
  private static final int LIMIT = 768;

  private static Pod pod(String name, int active, boolean ready, Optional<Instant> drain) {
    return new Pod(
        name,
        "t",
        ready,
        new Pod.Marks(OptionalInt.of(LIMIT), 1, drain),
        OptionalLong.of(128L << 20),
        Optional.empty(),
        new Pod.Observed(
            active,
            LIMIT,
            drain.isPresent(),
            0,
            60L << 20,
            OptionalLong.of((48L << 20) + active * 65536L)));
  }

  private static Pod serving(String name, int active) {
    return pod(name, active, true, Optional.empty());
  }

  private static Pod full(String name) {
    return pod(name, 740, false, Optional.empty());
  }

  private static Pod drained(String name, boolean ready) {
    return pod(name, 0, ready, Optional.of(EARLIER));
  }

  private static Decision decide(Workload.Removal removal, int replicas, Pod... pods) {
    var workload =
        new Workload(
            replicas,
            pods.length != replicas,
            removal,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    return Round.decide(
        Policies.downAfter(Duration.ZERO),
        new Observation(workload, List.of(pods)),
        History.NONE,
        NOW);
  }

  private static Decision decide(Pod... pods) {
    return decide(Workload.Removal.CHEAPEST_FIRST, pods.length, pods);
  }

  @Test
  void aDrainedPodThatIsStillReadyWaitsWhileAnotherIsNotReady() {
    var seen = decide(full("a"), serving("b", 10), serving("c", 10), drained("d", true));

    assertThat(seen.actions().scale()).isInstanceOf(Scale.Keep.class);
    assertThat(seen.report().reason())
        .contains(
            "1 of 1 draining pods are empty, 0 connections remain; they are ready still, and others"
                + " that aren't would be removed instead");
  }

  @Test
  void aDrainedPodGoesOnceItsProbeHasFoundOut() {
    var seen = decide(full("a"), serving("b", 10), serving("c", 10), drained("d", false));

    assertThat(seen.actions().scale()).isEqualTo(new Scale.Remove(3, Set.of("d")));
  }

  @Test
  void aDrainedPodWithoutAProbeGoesByItsDeletionCost() {
    var seen = decide(serving("a", 600), serving("b", 10), serving("c", 10), drained("d", true));

    assertThat(seen.actions().scale()).isEqualTo(new Scale.Remove(3, Set.of("d")));
  }
}
