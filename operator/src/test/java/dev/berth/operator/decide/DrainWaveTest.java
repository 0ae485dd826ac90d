package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrainWaveTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(10);
  private static final int LIMIT = 768;

  private static Pod pod(String name, int active, boolean ready, Pod.Drain drain) {
    return new Pod(
        name,
        "t",
        ready,
        new Pod.Marks(OptionalInt.of(LIMIT), 1, drain, false),
        OptionalLong.of(128L << 20),
        Optional.empty(),
        new Pod.Observed(
            active,
            LIMIT,
            !(drain instanceof Pod.Drain.None),
            0,
            60L << 20,
            OptionalLong.of((48L << 20) + active * 65536L)));
  }

  private static Pod serving(String name, int active) {
    return pod(name, active, true, new Pod.Drain.None());
  }

  private static Pod full(String name) {
    return pod(name, 740, false, new Pod.Drain.None());
  }

  private static Pod drained(String name, boolean ready) {
    return pod(name, 0, ready, new Pod.Drain.ByOperator(EARLIER, false));
  }

  private static Pod draining(String name, int active) {
    return pod(name, active, false, new Pod.Drain.ByOperator(EARLIER, false));
  }

  private static Pod chosen(String name) {
    return pod(name, 0, false, new Pod.Drain.ByOperator(EARLIER, true));
  }

  private static Pod byHand(String name, int active) {
    return pod(name, active, false, new Pod.Drain.ByHand());
  }

  private static Workload workload(Workload.Removal removal, int replicas, int pods) {
    return new Workload(
        replicas,
        pods != replicas,
        removal,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Decision decide(Policy policy, Workload workload, Pod... pods) {
    return Round.decide(policy, new Observation(workload, List.of(pods)), History.NONE, NOW);
  }

  private static Decision decide(Workload.Removal removal, int replicas, Pod... pods) {
    return decide(
        Policies.downAfter(Duration.ZERO), workload(removal, replicas, pods.length), pods);
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
                + " that aren't, or may not be, would be removed instead");
  }

  @Test
  void aDrainedPodThatIsStillReadyWaitsWhileAnotherMayLeaveRotationAtAnyMoment() {
    assertThat(decide(mayLeave("a"), serving("b", 10), drained("c", true)).actions().scale())
        .isInstanceOf(Scale.Keep.class);
    assertThat(decide(mayLeave("a"), serving("b", 10), drained("c", false)).actions().scale())
        .isEqualTo(new Scale.Remove(2, Set.of("c")));
  }

  @Test
  void aDrainedPodWithoutAProbeGoesWhenItHasHadItsTime() {
    Pod late = pod("c", 0, true, new Pod.Drain.ByOperator(NOW.minusSeconds(300), false));

    assertThat(decide(mayLeave("a"), serving("b", 10), late).actions().scale())
        .isEqualTo(new Scale.Remove(2, Set.of("c")));
  }

  private static Pod mayLeave(String name) {
    Pod full = pod(name, 720, true, new Pod.Drain.None());
    return new Pod(
        name,
        full.template(),
        true,
        full.marks().leaving(true),
        full.memoryLimit(),
        full.outOfMemory(),
        full.state());
  }

  @Test
  void aStatefulSetInOrderDrainsNoPodWhileALowerOneIsNotReady() {
    var seen =
        decide(
            Workload.Removal.HIGHEST_ORDINAL_FIRST,
            3,
            full("c-0"),
            serving("c-1", 10),
            serving("c-2", 10));

    assertThat(seen.actions().drain()).isEmpty();
    assertThat(seen.report().reason())
        .contains(
            "; c-0 isn't ready, and a StatefulSet that works in order removes none before it is");
  }

  @Test
  void aPodThatIsNotReadyIsNotWhatAStatefulSetInOrderWaitsForWhileItLacksALowerOne() {
    var seen =
        decide(
            Workload.Removal.HIGHEST_ORDINAL_FIRST,
            4,
            serving("c-0", 10),
            pod("c-2", 0, false, new Pod.Drain.None()),
            serving("c-3", 10));

    assertThat(seen.actions().drain()).isEmpty();
    assertThat(seen.report().reason())
        .contains("; the workload has 3 of its 4 pods; no pod is removed meanwhile")
        .doesNotContain("c-2 isn't ready");
  }

  @Test
  void podsThatAStatefulSetInOrderMakesNoneOfBeforeAnotherIsReadyAreNoRollout() {
    var seen =
        decide(
            Workload.Removal.HIGHEST_ORDINAL_FIRST,
            5,
            serving("c-0", 10),
            serving("c-1", 10),
            pod("c-2", 0, false, new Pod.Drain.None()));

    assertThat(seen.actions().drain()).isEmpty();
    assertThat(seen.report().reason())
        .contains(
            "; c-2 isn't ready, and a StatefulSet that works in order makes no other before it is;"
                + " no pod is removed meanwhile")
        .doesNotContain("rollout");
  }

  @Test
  void podsThatAreNotThereYetAreNoRollout() {
    var seen =
        decide(Workload.Removal.CHEAPEST_FIRST, 5, serving("a", 10), serving("b", 10), full("c"));

    assertThat(seen.actions().drain()).isEmpty();
    assertThat(seen.report().reason())
        .contains("; the workload has 3 of its 5 pods; no pod is removed meanwhile")
        .doesNotContain("rollout");
  }

  @Test
  void podsTooManyAreARollout() {
    var seen = decide(Workload.Removal.CHEAPEST_FIRST, 3, pods(4));

    assertThat(seen.report().reason())
        .contains("; a rollout is in progress; no pod is removed meanwhile");
  }

  private static Pod[] pods(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> serving("c-" + index, 10))
        .toArray(Pod[]::new);
  }

  @Test
  void aStatefulSetInOrderKeepsADrainedPodUntilLowerOnesAreReady() {
    var unready =
        decide(
            Workload.Removal.HIGHEST_ORDINAL_FIRST,
            3,
            full("c-0"),
            serving("c-1", 10),
            drained("c-2", false));
    var ready =
        decide(
            Workload.Removal.HIGHEST_ORDINAL_FIRST,
            3,
            serving("c-0", 700),
            serving("c-1", 10),
            drained("c-2", false));

    assertThat(unready.actions().scale()).isInstanceOf(Scale.Keep.class);
    assertThat(unready.report().reason())
        .contains("1 of 1 draining pods are empty, 0 connections remain; c-0 isn't ready");
    assertThat(ready.actions().scale()).isEqualTo(new Scale.Remove(2, Set.of("c-2")));
  }

  @Test
  void aStatefulSetsLastPodMayGoThoughItIsNotReady() {
    Pod last = pod("c-2", 10, false, new Pod.Drain.None());

    assertThat(
            decide(
                    Workload.Removal.HIGHEST_ORDINAL_FIRST,
                    3,
                    serving("c-0", 10),
                    serving("c-1", 10),
                    last)
                .actions()
                .drain())
        .containsExactly("c-2");
  }

  @Test
  void aParallelStatefulSetDrainsWhicheverPodsAreReady() {
    assertThat(
            decide(
                    Workload.Removal.HIGHEST_ORDINALS_AT_ONCE,
                    3,
                    full("c-0"),
                    serving("c-1", 10),
                    serving("c-2", 10))
                .actions()
                .drain())
        .containsExactly("c-2");
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

  @Test
  void aDrainIsUndoneForPodsThatDoNotRunOnly() {
    var wave = new DrainWave(3, List.of(draining("a", 0)));
    var seen =
        new Observation(workload(Workload.Removal.CHEAPEST_FIRST, 3, 3), List.of(draining("a", 0)));

    assertThat(wave.outOfTurn(seen, List.of(away("b", Pod.Occupancy.EMPTY)))).isEmpty();
    assertThat(wave.outOfTurn(seen, List.of(away("b", Pod.Occupancy.NOT_RUNNING))))
        .containsExactly("a");
  }

  private static Pod away(String name, Pod.Occupancy occupancy) {
    return new Pod(
        name,
        "t",
        Pod.Marks.NONE,
        OptionalLong.empty(),
        Optional.empty(),
        new Pod.Starting(occupancy));
  }

  @Test
  void aStatefulSetsPodsAreDrainedOneByOneUnlessItEndsThemAtOnce() {
    Pod[] pods = {
      serving("chat-0", 10), serving("chat-1", 10), serving("chat-2", 10), serving("chat-3", 10)
    };

    assertThat(decide(Workload.Removal.HIGHEST_ORDINAL_FIRST, 4, pods).actions().drain())
        .containsExactly("chat-3");
    assertThat(decide(Workload.Removal.HIGHEST_ORDINALS_AT_ONCE, 4, pods).actions().drain())
        .containsExactlyInAnyOrder("chat-1", "chat-2", "chat-3");
  }

  private static List<String> staying(Workload.Removal removal, int replicas, Pod... pods) {
    return new Observation(workload(removal, replicas, pods.length), List.of(pods))
        .withoutLeaving().pods().stream().map(Pod::name).toList();
  }

  @Test
  void ofAStatefulSetTheHighestOrdinalsLeave() {
    assertThat(
            staying(
                Workload.Removal.HIGHEST_ORDINALS_AT_ONCE,
                2,
                serving("chat-0", 9),
                draining("chat-1", 0),
                draining("chat-2", 5)))
        .containsExactly("chat-0", "chat-1");
  }

  @Test
  void ofADeploymentThoseLeaveThatWereChosen() {
    assertThat(
            staying(
                Workload.Removal.CHEAPEST_FIRST, 2, serving("a", 9), draining("b", 0), chosen("c")))
        .containsExactly("a", "b");
    assertThat(
            staying(
                Workload.Removal.CHEAPEST_FIRST, 3, serving("a", 9), serving("b", 9), chosen("c")))
        .contains("c");
  }

  @Test
  void aDrainIsUndoneBeforeAPodIsAddedThoughARolloutHasOneTooMany() {
    Pod[] pods = {
      serving("a", 700),
      serving("b", 700),
      serving("c", 700),
      serving("d", 700),
      serving("e", 700),
      draining("f", 50)
    };
    var seen = decide(Workload.Removal.CHEAPEST_FIRST, 5, pods);

    assertThat(seen.actions().undrain()).containsExactly("f");
    assertThat(seen.report().figures().activeConnections()).isEqualTo(3_550);
  }

  @Test
  void aPodDrainedByHandIsNeitherToldToServeNorRemoved() {
    Pod[] pods = {serving("a", 300), serving("b", 200), byHand("c", 0)};
    for (Policy.UpdateMode mode : Policy.UpdateMode.values()) {
      var policy = Policies.with(Policies.DEFAULT, mode, 3, 10, Behavior.DEFAULT);
      var all = workload(Workload.Removal.CHEAPEST_FIRST, 3, 3);
      assertThat(decide(policy, all, pods).actions().undrain()).isEmpty();
    }
    assertThat(decide(pods).actions().drain()).containsExactly("b");
  }

  @Test
  void aPodDrainedByHandIsNoCapacity() {
    var seen = decide(serving("a", 500), serving("b", 500), byHand("c", 50));

    assertThat(seen.actions().scale()).isEqualTo(new Scale.Keep());
    assertThat(seen.report().reason())
        .startsWith("saturation 68 % of 2 × 768 needs 3 pods")
        .contains("; 1 pod is drained by hand");
    assertThat(decide(serving("a", 650), serving("b", 650), byHand("c", 50)).actions().scale())
        .isEqualTo(new Scale.Up(4));
  }

  @Test
  void wherePeopleDrainAllPodsNoneServes() {
    assertThat(decide(byHand("a", 12), byHand("b", 0)).report().reason())
        .startsWith("12 connections are wanted, and no pod serves; 2 pods are drained by hand");
  }

  @Test
  void noneOfAStatefulSetIsRemovedWhileOneIsDrainedByHand() {
    for (String name : List.of("chat-0", "chat-2")) {
      var seen =
          decide(
              Workload.Removal.HIGHEST_ORDINAL_FIRST,
              3,
              byHand(name, 0),
              serving("chat-1", 10),
              serving("chat-3", 10));

      assertThat(seen.actions().drain()).isEmpty();
      assertThat(seen.report().reason()).contains("1 pod is drained by hand; a StatefulSet");
    }
  }

  private static Workload governed(Optional<Workload.Conflict> conflict, Optional<String> paused) {
    return new Workload(
        2, false, Workload.Removal.CHEAPEST_FIRST, OptionalInt.empty(), conflict, paused);
  }

  private static Decision held(Policy.UpdateMode mode, Workload workload) {
    return decide(Policies.mode(mode), workload, serving("a", 10), draining("b", 5));
  }

  @Test
  void whatDrainsServesAgainWhenNothingElseMayBeChanged() {
    var off = held(Policy.UpdateMode.OFF, governed(Optional.empty(), Optional.empty()));
    assertThat(off.actions()).isEqualTo(Decision.Actions.undrain(Set.of("b")));
    assertThat(off.report().events())
        .extracting(Decision.Event::message)
        .containsExactly("b serve again: updateMode is Off; this is only a recommendation");

    var autoscaler = Optional.of(new Workload.Conflict("an autoscaler", false));
    assertThat(held(Policy.UpdateMode.AUTO, governed(autoscaler, Optional.empty())).actions())
        .isEqualTo(Decision.Actions.undrain(Set.of("b")));
  }

  @Test
  void whatAnotherPolicyDrainsIsLeftToIt() {
    var older = Optional.of(new Workload.Conflict("an older policy", true));
    for (Policy.UpdateMode mode : Policy.UpdateMode.values()) {
      assertThat(held(mode, governed(older, Optional.empty())).actions().isEmpty()).isTrue();
    }
  }

  @Test
  void aPausedPolicyTellsHowManyPodsDrain() {
    var seen =
        held(Policy.UpdateMode.AUTO, governed(Optional.empty(), Optional.of("paused by hand")));

    String told =
        "paused by hand; 1 pod is draining, and neither removed nor told to serve meanwhile";
    assertThat(seen.actions().isEmpty()).isTrue();
    assertThat(seen.report().reason()).startsWith(told);
    assertThat(seen.report().conditions())
        .contains(
            new Decision.Condition(
                Decision.Condition.Type.READY, Decision.Condition.State.FALSE, "Paused", told));
  }

  /** Two pods enforce 400 of their 768, and hold most; those with the fewest can hold more. */
  @Test
  void noPodIsDrainedThatWouldBeWantedBack() {
    var fleet = new Fleet(Policies.downAfter(Duration.ofSeconds(30)), 4, 64 << 10, new Random(7));
    fleet.seconds(10, 0);
    for (Fleet.SimulatedPod pod : fleet.pods) {
      boolean bound = pod.ordinal < 2;
      pod.active = bound ? 330 : 20;
      pod.bind(bound ? 400 : 768);
    }
    for (int second = 0; second < 600; second++) {
      assertThat(fleet.second(700).report().events())
          .extracting(Decision.Event::kind)
          .doesNotContain(Decision.Event.Kind.DRAIN_UNDONE);
    }
  }

  @Test
  void aBudgetThatLetsNoPodGoOfManyIsFoundOutAtOnce() {
    var fleet = new Fleet(Policies.downAfter(Duration.ZERO), 2_000, 64 << 10, new Random(7));
    fleet.budget = OptionalInt.of(0);
    fleet.pods.forEach(pod -> pod.active = 20);
    var took = new ArrayList<Duration>();
    for (int second = 0; second < 3; second++) {
      long before = System.nanoTime();
      assertThat(fleet.second(40_000).report().reason()).contains("lets no pod go");
      took.add(Duration.ofNanos(System.nanoTime() - before));
    }
    assertThat(Collections.min(took)).isLessThan(Duration.ofSeconds(1));
  }
}
