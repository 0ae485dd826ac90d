package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Fleet.SimulatedPod;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Pods that are asked for and don't come, or came and have gone. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE, tries = 50)
class LostTest {
  private static final Pod.State CRASHES =
      new Pod.Missing("ImagePullBackOff: no such image", Pod.Occupancy.NOT_RUNNING);
  private static final Pod.State STARTS = new Pod.Starting(Pod.Occupancy.NOT_RUNNING);
  private static final Pod.State NEVER_READY = new Pod.Starting(Pod.Occupancy.EMPTY);
  private static final Pod.State RESTARTS =
      new Pod.Missing("container server restarted after Error", Pod.Occupancy.EMPTY);
  private static final int FIVE_MINUTES = 300;

  /** Pods of 768 connections, 537 of which are the target. */
  private static Fleet fleet(int replicas) {
    var fleet = new Fleet(Policies.replicas(1, 100), replicas, 64 << 10, new Random(7));
    fleet.seconds(10, 450 * replicas);
    return fleet;
  }

  private static void vanish(Fleet.SimulatedPod pod) {
    pod.forGood = Optional.of(new Pod.Missing("no answer in 500 ms"));
    pod.active = 0;
  }

  @Test
  void onePodIsAskedForInPlaceOfThoseThatCrashBeforeTheyEverAnswered() {
    var fleet = fleet(2);
    fleet.made = Optional.of(CRASHES);
    fleet.seconds(600, 2_000);
    // 2,000 / 537 are 4 pods
    assertThat(fleet.replicas).isEqualTo(5);
    assertThat(fleet.last.report().reason())
        .contains("; 3 pods are not there, and 1 asked for instead");
  }

  @Test
  void aPodThatStartsIsCapacityForFiveMinutes() {
    var fleet = fleet(2);
    fleet.made = Optional.of(STARTS);
    fleet.seconds(FIVE_MINUTES - 10, 2_000);
    assertThat(fleet.replicas).isEqualTo(4);
    fleet.seconds(FIVE_MINUTES, 2_000);
    assertThat(fleet.replicas).isEqualTo(5);
  }

  @Test
  void upToAQuarterOfTheServingPodsIsAskedForInPlaceOfThoseThatDoNotCome() {
    var fleet = fleet(16);
    fleet.made = Optional.of(CRASHES);
    fleet.seconds(600, 16_000);
    // 16,000 / 537 are 30 pods
    assertThat(fleet.replicas).isBetween(32, 34);
  }

  @Test
  void podsThatCameAndWentAreReplaced() {
    var fleet = fleet(6);
    fleet.pods.subList(0, 2).forEach(LostTest::vanish);
    fleet.seconds(60, 2_700);
    assertThat(fleet.replicas).isEqualTo(8);
  }

  @Test
  void noMoreThanTwoPodsAreReplacedForOneThatAnswers() {
    var fleet = fleet(6);
    fleet.pods.subList(0, 5).forEach(LostTest::vanish);
    fleet.made = Optional.of(CRASHES);
    fleet.seconds(600, 3_300);
    // 3,300 / 537 are 7 pods; two more for the one that answers, and one for all that don't come
    assertThat(fleet.replicas).isBetween(9, 10);
  }

  @Test
  void whyPodsAreAddedSaysWhichAreNoCapacity() {
    var fleet = fleet(4);
    vanish(fleet.pods.getFirst());
    while (fleet.replicas == 4) {
      fleet.second(1_850);
    }
    assertThat(fleet.last.report().reason())
        .startsWith(
            "saturation 80 % of 3 × 768 is over the target of 70 %; 1 pod is not there, and 1 asked"
                + " for instead");
  }

  @Test
  void podsThatNeverCameGoFirstWhenTheyAreNoLongerNeeded() {
    for (Pod.State state : List.of(CRASHES, STARTS, NEVER_READY, RESTARTS)) {
      for (Workload.Removal removal :
          List.of(Workload.Removal.CHEAPEST_FIRST, Workload.Removal.HIGHEST_ORDINALS_AT_ONCE)) {
        var fleet = fleet(2);
        fleet.removal = removal;
        fleet.made = Optional.of(state);
        fleet.seconds(2 * FIVE_MINUTES, 2_000);
        assertThat(fleet.replicas).as("with pods asked for in vain").isEqualTo(5);
        fleet.seconds(2 * FIVE_MINUTES, 900);
        assertThat(fleet.pods)
            .as(fleet.last.report().reason())
            .hasSize(2)
            .allMatch(pod -> pod.forGood.isEmpty() && pod.active > 0);
        assertThat(fleet.lost).isZero();
      }
    }
  }

  @Test
  void noPodOfAStatefulSetInOrderIsDrainedForOneThatIsNotRemovedBeforeALowerOneIsReady() {
    var fleet = fleet(3);
    fleet.removal = Workload.Removal.HIGHEST_ORDINAL_FIRST;
    fleet.pods.getFirst().forGood = Optional.of(CRASHES);
    fleet.pods.getFirst().active = 0;
    fleet.seconds(2 * FIVE_MINUTES, 450);
    assertThat(fleet.pods).hasSize(3).noneMatch(SimulatedPod::drains);
    assertThat(fleet.last.report().reason()).contains("chat-0 isn't ready");
    fleet.pods.getFirst().forGood = Optional.empty();
    fleet.seconds(FIVE_MINUTES, 450);
    assertThat(fleet.pods).hasSize(1);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aPodThatDoesNotRunHoldsScaleDownForFiveMinutes() {
    var fleet = fleet(4);
    fleet.seconds(200, 450);
    fleet.pods.getLast().forGood = Optional.of(CRASHES);
    fleet.pods.getLast().active = 0;
    fleet.seconds(FIVE_MINUTES - 10, 450);
    assertThat(fleet.replicas).isEqualTo(4);
    fleet.seconds(60, 450);
    assertThat(fleet.replicas).isLessThan(4);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aPodThatRunsAndNeverBecomesReadyHoldsScaleDownForFiveMinutes() {
    var fleet = fleet(4);
    fleet.made = Optional.of(NEVER_READY);
    fleet.scaleByHand(5);
    fleet.seconds(FIVE_MINUTES - 10, 450);
    assertThat(fleet.replicas).isEqualTo(5);
    assertThat(fleet.last.report().reason()).contains("1 pod is starting; none is removed");
    var never = fleet.pods.getLast();
    while (fleet.last.actions().drain().isEmpty()) {
      fleet.second(450);
    }
    assertThat(fleet.last.actions().drain()).contains(never.name);
    fleet.seconds(60, 450);
    assertThat(fleet.pods).doesNotContain(never);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aPodThatRunsAndMayHoldConnectionsHoldsScaleDownForGood() {
    for (Pod.State state :
        List.of(
            new Pod.Starting(Pod.Occupancy.OCCUPIED),
            new Pod.Missing("container server restarted", Pod.Occupancy.OCCUPIED))) {
      var fleet = fleet(4);
      fleet.pods.getLast().forGood = Optional.of(state);
      fleet.pods.getLast().active = 0;
      fleet.seconds(4 * FIVE_MINUTES, 450);
      assertThat(fleet.pods).hasSizeGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void aDrainIsUndoneForPodsThatAreNoLongerThere() {
    var fleet = fleet(4);
    while (fleet.last.actions().drain().isEmpty()) {
      fleet.second(900);
    }
    SimulatedPod away =
        fleet.pods.stream().filter(pod -> pod.draining.isEmpty()).findFirst().orElseThrow();
    away.forGood = Optional.of(CRASHES);
    away.active = 0;
    fleet.now = fleet.now.plusSeconds(FIVE_MINUTES);
    Decision undone = fleet.second(400);
    assertThat(undone.actions().undrain()).isNotEmpty();
    assertThat(undone.report().reason())
        .contains("drained no more: others aren't running, and would be removed instead");
    fleet.second(400);
    assertThat(away.draining).isPresent();
    fleet.seconds(30, 400);
    assertThat(fleet.pods).as(fleet.last.report().reason()).doesNotContain(away);
    assertThat(fleet.lost).isZero();
  }

  @Property
  void podsThatNeverComeDoNotCallForEverMore(
      @ForAll @IntRange(min = 1, max = 12) int serving,
      @ForAll @IntRange(min = 0, max = 20_000) int connections,
      @ForAll boolean crash) {
    var fleet = fleet(serving);
    fleet.made = Optional.of(crash ? CRASHES : STARTS);
    fleet.seconds(900, connections);
    int needed = Math.max(serving, Math.ceilDiv(connections, 537));
    assertThat(fleet.replicas).isLessThanOrEqualTo(needed + Math.max(1, serving / 4));
  }

  /** A rollout has one pod too many, which crashes. */
  @Test
  void aPodTooManyThatDoesNotComeTakesNobodysPlace() {
    var fleet = fleet(10);
    fleet.made = Optional.of(CRASHES);
    fleet.scaleByHand(11);
    var history = fleet.history;
    for (int second = 1; second < 30; second++) {
      var workload =
          new Workload(10, true, fleet.removal, fleet.budget, Optional.empty(), Optional.empty());
      var decision =
          Round.decide(
              fleet.policy,
              new Observation(workload, fleet.observe().pods()),
              history,
              fleet.now.plusSeconds(second));
      history = decision.history();
      assertThat(decision.report().reason()).doesNotContain("not there").contains(" of 10 × 768");
    }
  }
}
