package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Event.Kind;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final long COST = 64 << 10;

  /** Pods of which the first holds {@code most} connections and the others nobody. */
  private static Fleet uneven(int pods, int most) {
    var fleet = new Fleet(Policies.replicas(pods, pods), pods, COST, new Random(7));
    fleet.seconds(2, 0);
    fleet.pods.getFirst().active = most;
    fleet.pods.getFirst().peak = most;
    fleet.wanted = most;
    return fleet;
  }

  private static double skew(Fleet fleet) {
    double most = fleet.pods.stream().mapToInt(pod -> pod.active).max().orElseThrow();
    return most * fleet.pods.size() / fleet.active();
  }

  @Property(tries = 50)
  void afterAScaleOutTheFullestPodFallsUnderTwiceTheMeanWithinThreeMinutes(
      @ForAll @IntRange(min = 3, max = 10) int pods,
      @ForAll @IntRange(min = 390, max = 740) int held) {
    var fleet = uneven(pods, held);
    fleet.seconds(180, held);
    assertThat(skew(fleet)).isLessThan(2);
    assertThat(fleet.active()).isEqualTo(held);
  }

  @Test
  void aPodNeverShedsItsBusyConnections() {
    var fleet = uneven(5, 700);
    fleet.pods.getFirst().busy = 650;
    for (int i = 0; i < 180; i++) {
      fleet.second(700);
      assertThat(fleet.pods.getFirst().limit).isGreaterThanOrEqualTo(650);
    }
    assertThat(fleet.pods.getFirst().active).isEqualTo(650);
  }

  @Test
  void aShareRisesWithBusyConnections() {
    var fleet = uneven(5, 700);
    fleet.seconds(15, 700);
    Fleet.SimulatedPod fullest = fleet.pods.getFirst();
    assertThat(fullest.limit).isLessThan(600);
    fleet.pods.forEach(pod -> pod.active = 0);
    fullest.active = 700;
    fullest.busy = 700;
    fleet.second(700);
    assertThat(fullest.limit).isGreaterThanOrEqualTo(700);
  }

  @Test
  void itShedsAFewAtATime() {
    var fleet = uneven(5, 700);
    for (int i = 0; i < 60; i++) {
      int before = fleet.shed;
      fleet.second(700);
      assertThat(fleet.shed - before).isLessThanOrEqualTo(15);
    }
  }

  @Test
  void aShareFallsByAFewSecondsStepsAfterALongTimeWithoutARound() {
    var fleet = uneven(4, 700);
    fleet.seconds(8, 700);
    Fleet.SimulatedPod fullest = fleet.pods.getFirst();
    int before = fullest.limit;
    assertThat(before).isLessThan(700);
    fleet.now = fleet.now.plusSeconds(330);
    fleet.second(700);
    assertThat(fullest.limit).isBetween(before - 50, before);
  }

  @Test
  void aFleetShortOfRoomKeepsEveryConnection() {
    var fleet = uneven(2, 760);
    fleet.pods.getLast().active = 690;
    fleet.seconds(60, 1_450);
    assertThat(fleet.shed).isZero();
  }

  @Test
  void aFewConnectionsMoreByChanceAreLeft() {
    var fleet = uneven(5, 12);
    fleet.policy = Policies.maxLimit(20);
    fleet.seconds(60, 12);
    assertThat(fleet.shed).isZero();
  }

  @Test
  void theLimitComesBackWhenConnectionsAreEven() {
    var fleet = uneven(5, 700);
    fleet.seconds(120, 700);
    int memory = fleet.last.report().connectionLimit().orElseThrow();
    assertThat(fleet.pods).extracting(pod -> pod.limit).containsOnly(memory);
    int shed = fleet.shed;
    fleet.seconds(300, 700);
    assertThat(fleet.shed).isEqualTo(shed);
  }

  @Test
  void itIsToldInWordsAndOnce() {
    var fleet = uneven(4, 700);
    fleet.second(700);
    assertThat(fleet.last.report().events())
        .filteredOn(event -> event.kind() == Kind.REBALANCING)
        .singleElement()
        .satisfies(event ->
            assertThat(event.message())
                .isEqualTo("chat-0 holds 700, 4.0 times the mean of 175, and takes 735 at most"));
    assertThat(fleet.last.report().reason()).contains("chat-0 holds 700");
    fleet.second(700);
    assertThat(fleet.last.report().events()).isEmpty();
  }

  @Test
  void refusalsForBalanceAreNoAlarm() {
    var fleet = uneven(4, 700);
    fleet.policy = Policies.staying(4);
    fleet.seconds(60, 700);
    assertThat(fleet.rejected).isPositive();
    assertThat(fleet.history.panicUntil()).isEmpty();
  }

  @Test
  void aPodLeavesRotationBeforeItRefusesForBalance() {
    var fleet = uneven(4, 700);
    fleet.seconds(180, 700);
    assertThat(skew(fleet)).isLessThan(2);
    assertThat(fleet.rejected).isZero();
  }

  @Test
  void aLowerShareIsNoLackOfPods() {
    var fleet = uneven(4, 700);
    fleet.second(700);
    assertThat(fleet.last.report().figures().saturation()).isCloseTo(700.0 / (4 * 768), within());
    assertThat(fleet.last.report().desiredReplicas()).isEqualTo(4);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(0.001);
  }

  @Test
  void aLargeMaxSkewTurnsItOff() {
    var fleet = uneven(5, 500);
    fleet.policy = Policies.skew(1_000);
    fleet.seconds(60, 500);
    assertThat(fleet.shed).isZero();
  }

  @Test
  void aPodThatIsNotHalfFullKeepsItsConnections() {
    var fleet = uneven(5, 380);
    fleet.seconds(60, 380);
    assertThat(fleet.shed).isZero();
  }

  @Test
  void aFleetThatIsAboutToLoseAPodIsLeft() {
    var fleet = uneven(5, 500);
    fleet.policy = Policies.replicas(1, 10);
    fleet.seconds(60, 500);
    assertThat(fleet.replicas).isEqualTo(5);
    assertThat(fleet.shed).isZero();
  }

  @Test
  void nobodyIsMovedWhileAPodIsEmptied() {
    var fleet = uneven(5, 700);
    fleet.policy = Policies.replicas(4, 10);
    fleet.pods.get(1).draining = Optional.of(fleet.now);
    fleet.pods.get(1).active = 20;
    fleet.second(720);
    assertThat(fleet.last.report().reason()).contains("draining").doesNotContain("the mean");
  }

  /** Whoever left may come back, and more than one pod of many must have room for them. */
  @Property(tries = 50)
  void anEbbLeavesEveryLimitWhereMemoryPutsIt(
      @ForAll @IntRange(min = 3, max = 10) int pods,
      @ForAll @IntRange(min = 500, max = 740) int most,
      @ForAll @IntRange(min = 10, max = 120) int seconds) {
    var fleet = uneven(pods, most);
    fleet.pods.stream().skip(1).forEach(pod -> pod.active = 200);
    int all = fleet.active();
    for (int second = 1; second <= seconds + 60; second++) {
      fleet.second(Math.max(all / 10, all - all * second / seconds));
      if (second > 10) {
        int memory = fleet.last.report().connectionLimit().orElseThrow();
        assertThat(fleet.pods)
            .allSatisfy(pod ->
                assertThat(pod.limit)
                    .isGreaterThanOrEqualTo(Math.min(memory, (int) (1.2 * all / pods))));
      }
    }
  }

  @Test
  void theLimitComesBackAtOnceWhenClientsLeave() {
    var fleet = uneven(5, 700);
    fleet.seconds(10, 700);
    assertThat(fleet.pods.getFirst().limit).isLessThan(700);
    fleet.second(0);
    assertThat(fleet.pods)
        .extracting(pod -> pod.limit)
        .containsOnly(fleet.last.report().connectionLimit().orElseThrow());
  }

  @Test
  void aPodWithRoomKeepsWhatOthersThatEnforceLessCannotTake() {
    var fleet = new Fleet(Policies.replicas(2, 2), 2, COST, new Random(7));
    fleet.seconds(10, 0);
    fleet.pods.getLast().bind(100);
    for (int second = 0; second < 180; second++) {
      fleet.second(Math.min(740, second * 20));
    }
    assertThat(fleet.shed).isZero();
    assertThat(fleet.active()).isEqualTo(740);
    assertThat(fleet.rejected).isLessThan(300);
  }

  @Test
  void aPodWithRoomKeepsWhatOthersThatWereCutCannotTake() {
    var fleet = new Fleet(Policies.replicas(3, 3), 3, COST, new Random(7));
    fleet.seconds(10, 0);
    for (int second = 0; second < 60; second++) {
      fleet.second(second * 20);
    }
    fleet.shed = 0;
    for (int i = 0; i < 3; i++) {
      fleet.kill(fleet.pods.get(1));
      fleet.kill(fleet.pods.get(2));
      fleet.seconds(4, 1_200);
    }
    for (int second = 0; second < 120; second++) {
      int room = fleet.pods.stream().mapToInt(pod -> Math.max(0, pod.limit - pod.active)).sum();
      int before = fleet.shed;
      fleet.second(1_200);
      assertThat(fleet.shed - before).isLessThanOrEqualTo(room);
    }
    assertThat(fleet.active()).isEqualTo(1_200);
  }

  @Test
  void unevenPodsAreMeasuredByWhatEachCanHold() {
    var fleet = uneven(4, 700);
    fleet.pods.get(3).bind(100);
    fleet.seconds(6, 700);
    assertThat(fleet.last.report().reason()).contains("chat-0 holds ", " times its part of 224,");
  }
}
