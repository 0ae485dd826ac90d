package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Policy.UpdateMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final long COST = 64 << 10;

  private static Fleet fleet(Policy policy, int replicas) {
    return new Fleet(policy, replicas, COST, new Random(7));
  }

  private static Condition condition(Decision decision, Condition.Type type) {
    return decision.report().conditions().stream()
        .filter(each -> each.type() == type)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theFirstLimitIsTheOneThatMemoryAllows() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.second(0);
    // (75 % of 128 MiB − 48 MiB) / 64 KiB
    assertThat(fleet.pods.getFirst().limit).isEqualTo(768);
    assertThat(fleet.last.report().reason())
        .contains("limit 768 from (75 % of 128Mi − 48Mi) / 64Ki a connection");
  }

  @Test
  void whatAPodRefusedWhileItDidNotAnswerIsSpreadOverThatTime() {
    var fleet = fleet(Policies.replicas(4, 20), 4);
    fleet.seconds(30, 2_000);
    var silent = fleet.pods.getFirst();
    silent.answers = false;
    for (int second = 0; second < 120; second++) {
      silent.rejected += 20;
      fleet.second(2_000);
    }
    silent.answers = true;
    fleet.second(2_000);
    assertThat(fleet.replicas).isEqualTo(4);
    assertThat(fleet.last.report().figures().rejectedPerSecond()).isBetween(15.0, 25.0);
  }

  @Test
  void whatAPodRefusedBeforeItFirstAnsweredIsNoDemand() {
    var fleet = fleet(Policies.DEFAULT, 2);
    fleet.pods.getFirst().rejected = 100_000;
    fleet.seconds(10, 900);
    fleet.restartOperator();
    fleet.pods.getFirst().answers = false;
    fleet.second(900);
    fleet.pods.getFirst().answers = true;
    fleet.second(900);
    assertThat(fleet.replicas).isEqualTo(2);
  }

  @Test
  void roundsLessThanAMillisecondApartAreOne() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(5, 100);
    fleet.history =
        Round.decide(fleet.policy, fleet.observe(), fleet.history, fleet.now.plusNanos(500_000))
            .history();
    fleet.seconds(60, 1_600);
    assertThat(fleet.replicas).isGreaterThan(1);
  }

  @Test
  void aPodKilledAgainIsCutFromALimitThatWasLoweredMeanwhile() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    var pod = fleet.pods.getFirst();
    pod.outOfMemory = Optional.of(fleet.now);
    fleet.second(100);
    fleet.policy = Policies.maxLimit(300);
    pod.outOfMemory = Optional.of(fleet.now);
    fleet.second(100);
    assertThat(pod.limit).isEqualTo(210);
  }

  @Test
  void aCutIsOverWhereTheLimitHasFallenBelowIt() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    fleet.kill(fleet.pods.getFirst());
    fleet.second(100);
    fleet.policy = Policies.maxLimit(300);
    fleet.seconds(15, 100);
    assertThat(fleet.history.pod("chat-0").orElseThrow().cut()).isEmpty();
  }

  @Test
  void aNewOperatorDoesNotTakeWhatLoadHasLeftForNeed() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(60, 500);
    fleet.seconds(60, 50);
    fleet.restartOperator();
    fleet.seconds(30, 50);
    assertThat(fleet.pods.getFirst().limit).isGreaterThan(700);
    assertThat(fleet.last.report().reason()).contains(", kept until a pod's load has grown");
    // It learns anew as load comes back.
    for (int connections = 50; connections <= 500; connections += 10) {
      fleet.second(connections);
      assertThat(fleet.pods.getFirst().limit).isGreaterThan(connections + 100);
    }
    // Of 768: what load had left fades from the mean of what a pod holds beyond its need, and the
    // dead band keeps a tenth that it took meanwhile.
    assertThat(fleet.pods.getFirst().limit).isGreaterThan(690);
    assertThat(fleet.last.report().reason()).doesNotContain("kept");
  }

  @Test
  void aNightInWhichPodsComeToHoldMoreRaisesNoLimit() {
    var fleet = fleet(Policies.replicas(2, 2), 2);
    for (int second = 0; second < 1_800; second++) {
      fleet.second((int) (900 * Math.sin(Math.PI * second / 1_800)));
    }
    for (int second = 0; second < 4 * 3_600; second++) {
      fleet.base = Fleet.BASE + second * (24L << 20) / (4 * 3_600);
      fleet.second(80 + second / 60 % 10);
      // what 75 % of 128 MiB leaves at 64 KiB a connection, and the dead band
      assertThat(fleet.pods.getFirst().limit)
          .as("after %d s, with %d MiB", second, fleet.base >> 20)
          .isLessThanOrEqualTo((int) (1.06 * ((96 << 20) - fleet.base) / COST));
    }
    for (int second = 0; second < 1_800; second++) {
      fleet.second(80 + second / 3);
    }
    assertThat(fleet.pods).allSatisfy(pod -> assertThat(pod.limit).isBetween(365, 403));
    assertThat(fleet.killed + fleet.rejected + fleet.shed).isZero();
  }

  @Test
  void aNewOperatorKeepsNoLimitThatMemoryDoesNotAllow() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(60, 500);
    fleet.seconds(60, 50);
    fleet.restartOperator();
    fleet.memory = 96 << 20;
    fleet.second(50);
    // (75 % of 96 MiB − 48 MiB) / 64 KiB
    assertThat(fleet.pods.getFirst().limit).isLessThanOrEqualTo(384);
  }

  @Test
  void aLimitSaysWhatKeepsItFromWhatMemoryAllows() {
    var fleet = fleet(Policies.maxLimit(100), 1);
    fleet.second(0);
    assertThat(fleet.last.report().reason())
        .contains(
            "limit 100 from (75 % of 128Mi − 48Mi) / 64Ki a connection, 0 % learned, no more than"
                + " maxLimit");
    fleet.policy = Policies.maxLimit(500);
    fleet.second(0);
    assertThat(fleet.last.report().reason())
        .contains("limit 125 from")
        .contains("0 % learned, rising to 500, no more than maxLimit");
    fleet.policy = Policies.with(fleet.policy, new Policy.Connections(1_000, 2_000, 70, 90, 2.0));
    fleet.second(0);
    assertThat(fleet.last.report().reason()).contains("limit 1000 from", ", no less than minLimit");
  }

  @Test
  void whatAProcessHoldsBeyondItsNeedLeavesLessRoomForConnections() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.overhead = 16 << 20;
    fleet.seconds(600, 700);
    // (75 % of 128 MiB − 48 MiB − 16 MiB) / 64 KiB
    assertThat(fleet.pods).allSatisfy(pod -> assertThat(pod.limit).isBetween(480, 512));
    assertThat(fleet.replicas).isEqualTo(2);
    assertThat(condition(fleet.last, Condition.Type.PRESSURE).state())
        .isEqualTo(Condition.State.FALSE);
  }

  @Test
  void whatAPodHeldMostIsForgottenWithItsProcess() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(10, 500);
    assertThat(fleet.history.pod("chat-0").orElseThrow().peak()).isEqualTo(500);
    fleet.kill(fleet.pods.getFirst());
    fleet.second(0);
    assertThat(fleet.history.pod("chat-0").orElseThrow().peak()).isZero();
  }

  @Test
  void whatAPodHeldMostIsForgottenWhenItsCounterBeginsAgain() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.pods.getFirst().rejected = 3;
    fleet.seconds(10, 500);
    fleet.pods.getFirst().rejected = 0;
    fleet.second(20);
    assertThat(fleet.history.pod("chat-0").orElseThrow().peak()).isEqualTo(20);
  }

  @Test
  void aPodThatTellsNoMemoryTeachesNothing() {
    var book =
        CostBook.UNKNOWN
            .of(Set.of("t"))
            .learn(
                List.of(
                    new Pod(
                        "t-1",
                        "t",
                        Pod.Marks.NONE,
                        OptionalLong.empty(),
                        Optional.empty(),
                        new Pod.Observed(500, 600, false, 0, 0, OptionalLong.empty()))),
                Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(book.mostSeen()).isZero();
    assertThat(book.cost()).isEqualTo(CostBook.GUESS);
    assertThat(book.trust()).isZero();
  }

  @Test
  void aRolloutInAQuietHourKeepsTheLimitThatTheDayBoreOut() {
    var fleet = new Fleet(Policies.replicas(2, 4), 2, 4 << 10, new Random(7));
    for (int second = 0; second < 400; second++) {
      fleet.second(Math.min(14_000, second * 60));
    }
    for (int second = 0; second < 900; second++) {
      fleet.second(Math.max(100, 14_000 - second * 60));
    }
    int before = fleet.last.report().connectionLimit().orElseThrow();
    for (Fleet.SimulatedPod pod : fleet.pods) {
      pod.template = "t2";
      pod.active = 0;
      pod.peak = 0;
    }
    fleet.seconds(60, 100);
    assertThat(fleet.last.report().connectionLimit().orElseThrow()).isGreaterThan(before * 9 / 10);
    for (int second = 0; second < 60; second++) {
      fleet.second(Math.min(12_000, 100 + second * 400));
    }
    assertThat(fleet.rejected).isZero();
  }

  @Test
  void aCostBelowTheGuessRaisesTheLimitOnlyAsFarAsWasSeen() {
    var fleet = new Fleet(Policies.DEFAULT, 1, 16 << 10, new Random(7));
    for (int i = 0; i < 500; i++) {
      fleet.second(i);
    }
    assertThat(fleet.pods.getFirst().limit).isBetween(900, 1_050);
    assertThat(fleet.last.report().figures().bytesPerConnection()).isBetween(16_000L, 17_500L);
  }

  @Test
  void aCostAboveTheGuessIsLearnedBeforeThePodIsFull() {
    var fleet = new Fleet(Policies.replicas(1, 20), 1, 500 << 10, new Random(7));
    for (int i = 0; i < 600; i++) {
      fleet.second(i / 4);
    }
    assertThat(fleet.killed).isZero();
    assertThat(fleet.last.report().figures().bytesPerConnection())
        .isBetween(480L << 10, 550L << 10);
  }

  @Test
  void connectionsOverTheTargetBringPods() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(5, 500);
    assertThat(fleet.replicas).isEqualTo(1);
    fleet.second(620);
    assertThat(fleet.replicas).isEqualTo(2);
    assertThat(fleet.last.report().reason())
        .startsWith("saturation 81 % of 1 × 768 is over the target of 70 %");
  }

  @Test
  void aFleetPastPanicUtilizationGrowsThoughTheTargetIsNearerThanTheTolerance() {
    var fleet =
        fleet(Policies.with(Policies.DEFAULT, new Policy.Connections(10, 50_000, 85, 90, 2.0)), 1);
    fleet.seconds(2, 0);
    // 89 % is 1.05 times the target, within the tolerance of 10 %; 91 % is so too, and panic.
    fleet.seconds(10, 684);
    assertThat(fleet.replicas).isEqualTo(1);
    fleet.second(700);
    assertThat(fleet.replicas).isEqualTo(2);
    assertThat(fleet.last.report().reason())
        .startsWith("saturation 91 % of 1 × 768 is over the target of 85 %");
  }

  @Test
  void refusedClientsAreDemand() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(2, 0);
    fleet.second(2_000);
    fleet.second(2_000);
    assertThat(fleet.replicas).isEqualTo(4);
  }

  @Test
  void clientsThatWereRefusedAndCameInAreCountedOnce() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(2, 0);
    fleet.seconds(60, 2_000);
    // 2,000 / (70 % of 768)
    assertThat(fleet.replicas).isEqualTo(4);
  }

  @Test
  void clientsThatWaitInTheQueueAreDemand() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(5, 500);
    fleet.pods.getFirst().waiting = 1_000;
    fleet.second(500);
    assertThat(fleet.replicas).isEqualTo(3);
    assertThat(fleet.last.report().reason())
        .startsWith(
            "saturation 195 % of 1 × 768 (1000 waiting counted) is over the target of 70 %");
  }

  @Test
  void podsAreAskedForBeforeGrowthFillsThoseThereAre() {
    var fleet = fleet(Policies.DEFAULT, 1);
    for (int second = 0; fleet.replicas == 1; second++) {
      fleet.second(40 * second);
    }
    assertThat(fleet.active()).isLessThan(400);
    assertThat(fleet.last.report().reason())
        .startsWith("360 connections are wanted, 40 more each second: they would pass 90 % of 1 ×");
  }

  @Test
  void aPodMissingForLongIsNoCapacity() {
    var fleet = fleet(Policies.DEFAULT, 4);
    fleet.seconds(10, 1_000);
    fleet.pods.getFirst().answers = false;
    fleet.pods.getFirst().limit = 0;
    fleet.seconds(30, 2_000);
    assertThat(fleet.replicas).isEqualTo(5);
  }

  @Test
  void podsAreDrainedBeforeTheyAreRemovedAndNoneIsLost() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(10)), 1);
    fleet.seconds(30, 1_400);
    int most = fleet.replicas;
    fleet.seconds(300, 100);
    assertThat(most).isGreaterThanOrEqualTo(3);
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void loadThatComesBackUndoesTheDrainBeforeAnyPodIsAdded() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(10)), 1);
    fleet.seconds(30, 1_400);
    int most = fleet.replicas;
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(400);
    }
    fleet.second(1_600);
    assertThat(fleet.last.actions().undrain()).isNotEmpty();
    assertThat(fleet.last.actions().scale()).isInstanceOf(Scale.Keep.class);
    assertThat(fleet.replicas).isEqualTo(most);
  }

  /** Three pods, of which one drains, and the other two are as full as they should be. */
  private static Fleet draining() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 3);
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(1_070);
    }
    return fleet;
  }

  @Test
  void aClientThatIsRefusedBringsBackAPodThatDrainsIfItIsWanted() {
    var fleet = draining();
    // 2 × 70 % of 768 are 1,075: three pods are wanted, within the tolerance
    assertThat(fleet.second(1_080).actions().undrain()).isEmpty();
    fleet.pods.getFirst().rejected++;
    assertThat(fleet.second(1_080).actions().undrain()).hasSize(1);
    assertThat(fleet.replicas).isEqualTo(3);
    assertThat(fleet.last.report().reason())
        .startsWith("saturation 70.4 % of 2 × 768 (1 refused counted) is over the target of 70 %");
  }

  @Test
  void clientsThatAreRefusedWhileOthersHaveRoomKeepNoDrainedPod() {
    var fleet = draining();
    for (int second = 0; second < 30; second++) {
      fleet.pods.getFirst().rejected++;
      fleet.second(1_000);
    }
    assertThat(fleet.replicas).isEqualTo(2);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aClientThatIsRefusedBringsNoPodsBeyondThoseThatDrain() {
    var fleet = fleet(Policies.replicas(1, 60), 31);
    fleet.seconds(2, 0);
    fleet.pods.forEach(pod -> pod.active = 560);
    fleet.pods.getFirst().draining = Optional.of(fleet.now);
    fleet.pods.getFirst().active = 100;
    fleet.seconds(3, 16_900);
    fleet.pods.getLast().rejected++;
    assertThat(fleet.second(16_900).actions().undrain()).hasSize(1);
    assertThat(fleet.replicas).isEqualTo(31);
  }

  @Test
  void aMissingPodIsNeverReadAsAnEmptyOne() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 1);
    fleet.seconds(30, 1_400);
    int before = fleet.replicas;
    fleet.pods.getFirst().answers = false;
    fleet.seconds(200, 20);
    assertThat(fleet.replicas).isEqualTo(before);
    assertThat(fleet.observe().draining()).isEmpty();
    assertThat(condition(fleet.last, Condition.Type.METRICS_AVAILABLE).message())
        .isEqualTo("1 of %d pods can't be observed: chat-0: no answer in 500 ms".formatted(before));
  }

  @Test
  void withoutAnyPodObservedTheFallbackApplies() {
    var fleet = fleet(Policies.fallback(3, 4), 2);
    fleet.seconds(5, 10);
    fleet.pods.forEach(pod -> pod.answers = false);
    fleet.seconds(2, 10);
    assertThat(fleet.replicas).isEqualTo(2);
    assertThat(condition(fleet.last, Condition.Type.READY).message())
        .isEqualTo("no pod could be observed; nothing is changed");
    fleet.second(10);
    assertThat(fleet.replicas).isEqualTo(4);
    assertThat(condition(fleet.last, Condition.Type.READY).message())
        .isEqualTo("no pod could be observed");
  }

  @Test
  void theFallbackIsNoFewerThanMinReplicas() {
    var fleet = fleet(Policies.fallback(1, 2), 1);
    fleet.policy = Policies.with(fleet.policy, UpdateMode.AUTO, 3, 10, Behavior.DEFAULT);
    fleet.pods.forEach(pod -> pod.answers = false);
    fleet.second(10);
    assertThat(fleet.replicas).isEqualTo(3);
  }

  @Test
  void pressureCutsThePodAtOnceAndItRecovers() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    fleet.pods.getFirst().peak = 1_100;
    fleet.second(100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(80);
    assertThat(condition(fleet.last, Condition.Type.PRESSURE).state())
        .isEqualTo(Condition.State.TRUE);
    fleet.pods.getFirst().peak = 100;
    fleet.seconds(300, 50);
    assertThat(fleet.pods.getFirst().limit).isGreaterThan(700);
  }

  @Test
  void memoryThatStaysCommittedDoesNotCutTwice() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    fleet.pods.getFirst().peak = 1_100;
    fleet.seconds(400, 50);
    assertThat(fleet.pods.getFirst().limit).isGreaterThan(700);
  }

  @Test
  void aCutRisesWithThePolicysMinLimit() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    fleet.pods.getFirst().peak = 1_100;
    fleet.second(100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(80);
    fleet.policy =
        Policies.with(Policies.DEFAULT, new Policy.Connections(300, 50_000, 70, 90, 2.0));
    fleet.second(100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(300);
  }

  @Test
  void whileNoPodIsObservedTheLimitStaysWithinAPolicyThatWasEdited() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    fleet.pods.getFirst().answers = false;
    fleet.policy = Policies.maxLimit(500);
    fleet.second(100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(500);
  }

  @Test
  void anOutOfMemoryKillCutsThePodsLimit() {
    var fleet = fleet(Policies.DEFAULT, 2);
    fleet.seconds(3, 100);
    int before = fleet.pods.getFirst().limit;
    fleet.pods.getFirst().outOfMemory = Optional.of(fleet.now);
    fleet.second(100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo((int) (before * 0.7));
    assertThat(fleet.pods.getLast().limit).isEqualTo(before);
  }

  @Test
  void anOutOfMemoryKillCutsThePodsLimitThoughNobodyCanBeAsked() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 100);
    Fleet.SimulatedPod only = fleet.pods.getFirst();
    int before = only.limit;
    only.outOfMemory = Optional.of(fleet.now);
    only.answers = false;
    assertThat(fleet.second(0).report().events())
        .extracting(Decision.Event::message)
        .contains(
            "chat-0 was killed for want of memory, and takes at most %d connections until it has recovered"
                .formatted((int) (before * 0.7)));
    assertThat(fleet.second(0).report().events())
        .extracting(Decision.Event::kind)
        .doesNotContain(Decision.Event.Kind.PRESSURE);
    fleet.seconds(2, 0);
    assertThat(only.limit).isEqualTo((int) (before * 0.7));
    only.answers = true;
    fleet.seconds(3, 0);
    assertThat(only.limit).isEqualTo((int) (before * 0.7));
  }

  @Test
  void aClockThatGoesBackStopsNoGrowthAndRemovesNobody() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(30, 400);
    fleet.now = fleet.now.minus(Duration.ofHours(1));
    fleet.seconds(60, 1_600);
    assertThat(fleet.active()).isEqualTo(1_600);
    assertThat(fleet.lost).isZero();
    assertThat(fleet.killed).isZero();
  }

  @Test
  void anotherAutoscalerHoldsEverything() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.conflict = Optional.of("HorizontalPodAutoscaler chat scales the same target");
    fleet.seconds(30, 2_000);
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(fleet.pods.getFirst().marks).isEmpty();
    assertThat(condition(fleet.last, Condition.Type.CONFLICT).state())
        .isEqualTo(Condition.State.TRUE);
    assertThat(fleet.last.report().reason()).startsWith("HorizontalPodAutoscaler chat");
  }

  @Test
  void offOnlyRecommends() {
    var fleet = fleet(Policies.mode(UpdateMode.OFF), 1);
    fleet.seconds(10, 600);
    assertThat(fleet.pods.getFirst().marks).isEmpty();
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(fleet.last.report().desiredReplicas()).isEqualTo(2);
    assertThat(fleet.last.report().connectionLimit()).hasValue(768);
  }

  @Test
  void limitsOnlyMovesLimitsAndLeavesReplicas() {
    var fleet = fleet(Policies.mode(UpdateMode.LIMITS_ONLY), 1);
    fleet.seconds(10, 600);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(768);
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(fleet.last.report().desiredReplicas()).isEqualTo(2);
  }

  @Test
  void limitsOnlyInTheMiddleOfADrainUndoesIt() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(10)), 1);
    fleet.seconds(30, 1_400);
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(200);
    }
    fleet.policy = Policies.mode(UpdateMode.LIMITS_ONLY);
    fleet.second(200);
    assertThat(fleet.observe().draining()).isEmpty();
  }

  @Test
  void aWorkloadScaledToZeroByHandIsLeftAlone() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(3, 10);
    fleet.replicas = 0;
    fleet.pods.clear();
    fleet.seconds(20, 100);
    assertThat(fleet.replicas).isZero();
    assertThat(condition(fleet.last, Condition.Type.READY).reason()).isEqualTo("ScaledToZero");
  }

  @Test
  void aStatefulSetLosesItsHighestOrdinals() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 1);
    fleet.removal = Workload.Removal.HIGHEST_ORDINAL_FIRST;
    fleet.seconds(40, 1_400);
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(400);
    }
    int draining = fleet.observe().draining().size();
    assertThat(fleet.observe().draining())
        .extracting(Pod::name)
        .allSatisfy(name ->
            assertThat(Integer.parseInt(name.substring(5)))
                .isGreaterThanOrEqualTo(fleet.replicas - draining));
    fleet.seconds(200, 400);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aStatefulSetThatIsScaledByHandWhileItsLastPodsDrainLosesNoOthersForThem() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 1);
    fleet.removal = Workload.Removal.HIGHEST_ORDINAL_FIRST;
    fleet.seconds(40, 1_400);
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(400);
    }
    var chosen = fleet.observe().draining().getFirst();
    fleet.scaleByHand(fleet.replicas + 1);
    fleet.second(400);
    assertThat(fleet.observe().draining()).extracting(Pod::name).doesNotContain(chosen.name());
    assertThat(fleet.last.report().reason()).contains("others with higher ordinals have come");
    assertThat(fleet.last.report().events())
        .extracting(Decision.Event::message)
        .contains(
            "%s serve again: 1 pod drained no more: others with higher ordinals have come, and would be removed instead"
                .formatted(chosen.name()));
    fleet.seconds(300, 400);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void podsOfWhichAnyMightBeRemovedInPlaceOfADrainedOneAllStay() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 1);
    fleet.removal = Workload.Removal.UNKNOWN;
    fleet.seconds(40, 1_400);
    int most = fleet.replicas;
    fleet.pods.getLast().draining = Optional.of(fleet.now);
    for (int i = 0; i < 100; i++) {
      fleet.second(400);
      assertThat(fleet.observe().draining()).isEmpty();
    }
    assertThat(fleet.replicas).isEqualTo(most).isGreaterThan(1);
    assertThat(fleet.lost).isZero();
    assertThat(condition(fleet.last, Condition.Type.SCALING_LIMITED))
        .isEqualTo(
            new Condition(
                Condition.Type.SCALING_LIMITED,
                Condition.State.TRUE,
                "RemovalOrderUnknown",
                "1 pod would do, but none is removed: what controls these pods isn't known to"
                    + " remove the drained ones"));
  }

  @Test
  void aDrainThatTakesTooLongEndsAtItsTimeout() {
    var fleet = fleet(Policies.DEFAULT, 2);
    fleet.seconds(2, 10);
    var pod = fleet.pods.getFirst();
    pod.draining = Optional.of(fleet.now.minusSeconds(301));
    pod.active = 3;
    var wave = new DrainWave(2, fleet.observe().draining());
    assertThat(wave.done(Duration.ofSeconds(300), fleet.now)).isTrue();
    assertThat(wave.done(Duration.ofSeconds(400), fleet.now)).isFalse();
  }

  @Test
  void aNewProcessPicksUpTheDrainWaveFromTheMarks() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(10)), 1);
    fleet.seconds(30, 1_400);
    while (fleet.observe().draining().isEmpty()) {
      fleet.second(200);
    }
    fleet.restartOperator();
    fleet.seconds(120, 200);
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(fleet.lost).isZero();
  }

  @Test
  void aNewProcessGoesOnFromThePodsCut() {
    var fleet = fleet(Policies.DEFAULT, 2);
    fleet.seconds(10, 300);
    Fleet.SimulatedPod killed = fleet.pods.getFirst();
    fleet.kill(killed);
    fleet.seconds(5, 300);
    assertThat(killed.limit).isEqualTo(537);
    fleet.restartOperator();
    fleet.seconds(9, 300);
    assertThat(fleet.pods).extracting(pod -> pod.limit).containsExactly(537, 768);
    fleet.seconds(5, 300);
    // 5 % of 768 more
    assertThat(killed.limit).isEqualTo(576);
    fleet.seconds(60, 300);
    assertThat(killed.limit).isEqualTo(768);
  }

  @Test
  void aNewProcessTakesNoLimitOfAnotherPolicyForACut() {
    var fleet = fleet(Policies.maxLimit(500), 1);
    fleet.seconds(10, 100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(500);
    fleet.restartOperator();
    fleet.policy = Policies.DEFAULT;
    fleet.seconds(1, 100);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(625);
  }

  @Test
  void eventsAreToldOnceOnChange() {
    var fleet = fleet(Policies.DEFAULT, 1);
    fleet.seconds(5, 100);
    fleet.pods.getFirst().answers = false;
    assertThat(fleet.second(100).report().events())
        .extracting(Decision.Event::kind)
        .containsExactly(Decision.Event.Kind.METRICS_MISSING);
    assertThat(fleet.second(100).report().events()).isEmpty();
  }

  @Test
  void manyPodsOfTheLargestLimitHaveRoomForMany() {
    int limit = 100_000_000;
    var pods =
        IntStream.range(0, 30)
            .mapToObj(i ->
                new Pod(
                    "p" + i,
                    "t",
                    new Pod.Marks(OptionalInt.of(limit), 1, Optional.empty()),
                    OptionalLong.empty(),
                    Optional.empty(),
                    new Pod.Observed(100, limit, false, 0, 1 << 20, OptionalLong.empty())))
            .toList();
    var workload =
        new Workload(
            30,
            false,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    var policy =
        Policies.with(
            Policies.with(
                Policies.DEFAULT,
                UpdateMode.AUTO,
                25,
                40,
                Policies.downAfter(Duration.ZERO).behavior()),
            new Policy.Connections(1, limit, 70, 90, 2.0));
    var decision =
        Round.decide(
            policy,
            new Observation(workload, pods),
            History.NONE,
            Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(decision.report().figures().saturation()).isBetween(0.9e-6, 1.1e-6);
    assertThat(decision.actions().drain()).hasSize(5);
  }

  /** Pods of 1 GiB that hold 6,000 connections each, and one more with half of that memory. */
  private static Fleet withOneOfHalfTheMemory(Optional<Pod.State> made) {
    var fleet = new Fleet(Policies.replicas(4, 20), 4, 64 << 10, new Random(7));
    fleet.memory = 1L << 30;
    for (int second = 0; second < 200; second++) {
      fleet.second(Math.min(24_000, second * 240));
    }
    fleet.made = made;
    fleet.scaleByHand(5);
    fleet.policy = Policies.replicas(5, 20);
    fleet.pods.getLast().memory = OptionalLong.of(512L << 20);
    fleet.pods.getLast().template = "t2";
    return fleet;
  }

  @Test
  void aPodThatStartsWithLessMemoryLowersOnlyItsOwnLimit() {
    var fleet = withOneOfHalfTheMemory(Optional.of(new Pod.Starting(Pod.Occupancy.OCCUPIED)));
    int before = fleet.pods.getFirst().limit;
    fleet.seconds(10, 24_000);
    assertThat(fleet.pods.subList(0, 4))
        .allSatisfy(pod -> assertThat(pod.limit).isGreaterThanOrEqualTo(before));
    assertThat(fleet.pods.getLast().limit).isBetween(before * 2 / 5, before / 2);
    assertThat(fleet.shed).isZero();
    assertThat(fleet.replicas).isEqualTo(5);
  }

  @Test
  void eachPodsLimitFollowsItsOwnMemory() {
    var fleet = withOneOfHalfTheMemory(Optional.empty());
    fleet.seconds(120, 24_000);
    Fleet.SimulatedPod smaller = fleet.pods.getLast();
    int most = fleet.pods.getFirst().limit;
    assertThat(smaller.limit).isBetween(most * 2 / 5, most / 2);
    assertThat(smaller.active).isLessThanOrEqualTo(smaller.limit);
    assertThat(fleet.last.report().reason())
        .contains("; 1 pod has less memory: chat-4 takes " + smaller.limit + " at most with 512Mi");
    assertThat(fleet.last.report().connectionLimit()).hasValue(most);
    assertThat(fleet.shed).isZero();
    assertThat(fleet.killed).isZero();
    fleet.restartOperator();
    fleet.seconds(10, 24_000);
    assertThat(fleet.pods.getFirst().limit).isEqualTo(most);
    assertThat(smaller.limit).isBetween(most * 2 / 5, most / 2);
  }

  /** Two pods that have learned what a connection costs, of which the first has leaked 40 MiB. */
  private static Fleet withOneThatLeaked() {
    var fleet = fleet(Policies.replicas(2, 2), 2);
    for (int connections = 0; connections < 800; connections += 20) {
      fleet.second(connections);
    }
    fleet.seconds(30, 800);
    fleet.seconds(60, 200);
    fleet.pods.forEach(pod -> pod.peak = pod.active);
    fleet.pods.getFirst().leaked = 40L << 20;
    fleet.seconds(30, 200);
    return fleet;
  }

  @Test
  void aPodThatHasLeakedTakesNoMoreThanItHasRoomFor() {
    var fleet = withOneThatLeaked();
    Fleet.SimulatedPod leaky = fleet.pods.getFirst();
    int most = fleet.pods.getLast().limit;
    assertThat(fleet.last.report().connectionLimit()).hasValue(most);
    assertThat(fleet.last.report().reason())
        .contains(
            "; 1 pod has less room for connections: chat-0 takes %d at most with 128Mi"
                .formatted(leaky.limit));
    fleet.second(5 * most);
    assertThat(leaky.active).isEqualTo(leaky.limit);
    assertThat(fleet.killed).as("kills as a wave fills it within a second").isZero();
  }

  @Test
  void aPodThatHasLeakedKeepsItsLimitWhileItCannotBeSeen() {
    var fleet = withOneThatLeaked();
    Fleet.SimulatedPod leaky = fleet.pods.getFirst();
    int before = leaky.limit;
    leaky.answers = false;
    fleet.seconds(60, 200);
    assertThat(leaky.limit).isEqualTo(before);
  }

  @Test
  void aPodThatHasLeakedAndStartedAnewIsAsTheOthers() {
    var fleet = withOneThatLeaked();
    Fleet.SimulatedPod leaky = fleet.pods.getFirst();
    leaky.leaked = 0;
    fleet.seconds(60, 200);
    assertThat(leaky.limit).isEqualTo(fleet.pods.getLast().limit);
  }

  @Test
  void withoutAMemoryLimitThePolicysMaxLimitHolds() {
    var pod =
        new Pod(
            "a",
            "t",
            Pod.Marks.NONE,
            java.util.OptionalLong.empty(),
            Optional.empty(),
            new Pod.Observed(0, 5, false, 0, 1 << 20, java.util.OptionalLong.empty()));
    var seen =
        new Observation(
            new Workload(
                1,
                false,
                Workload.Removal.CHEAPEST_FIRST,
                java.util.OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()),
            java.util.List.of(pod));
    var decision =
        Round.decide(
            Policies.DEFAULT, seen, History.NONE, java.time.Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(decision.actions().limits()).containsEntry("a", 50_000);
    assertThat(condition(decision, Condition.Type.READY).message())
        .isEqualTo("limit 50000 is maxLimit, since the container has no memory limit");
  }

  @Test
  void podsThatTellMoreThanThereCanBeAreNoFewer() {
    var fleet = new Fleet(Policies.replicas(1, 10), 3, 64 << 10, new Random(7));
    fleet.seconds(10, 500);
    var pods = new java.util.ArrayList<>(fleet.observe().pods());
    for (int i = 0; i < 2; i++) {
      Pod pod = pods.get(i);
      var told =
          new Pod.Observed(Integer.MAX_VALUE, 768, false, 0, 60L << 20, OptionalLong.empty());
      pods.set(
          i,
          new Pod(
              pod.name(), pod.template(), pod.marks(), pod.memoryLimit(), Optional.empty(), told));
    }
    var seen = new Observation(fleet.observe().workload(), pods);
    var report = Round.decide(fleet.policy, seen, fleet.history, fleet.now.plusSeconds(1)).report();
    assertThat(report.figures().activeConnections()).isEqualTo(Integer.MAX_VALUE);
    assertThat(report.figures().saturation()).isGreaterThan(1);
    assertThat(report.desiredReplicas()).isGreaterThan(3);
  }

  @Test
  void thatUseIsOverTheTargetWithinTheToleranceIsSaid() {
    var fleet = new Fleet(Policies.replicas(10, 20), 10, 64 << 10, new Random(7));
    fleet.seconds(10, 0);
    fleet.pods.forEach(pod -> pod.active = 545);
    assertThat(fleet.second(5_450).report().reason())
        .startsWith(
            "saturation 71.0 % of 10 × 768 is within 10 % of the target of 70 %: 10 pods stay");
  }

  @Test
  void podsThatWereObservedAndCannotBeNowAreNoNewOnes() {
    var fleet = new Fleet(Policies.DEFAULT, 3, 64 << 10, new Random(7));
    fleet.seconds(10, 100);
    fleet.pods.forEach(pod -> pod.answers = false);
    assertThat(fleet.second(100).report().reason())
        .startsWith("no pod can be observed; replicas are held");
  }
}
