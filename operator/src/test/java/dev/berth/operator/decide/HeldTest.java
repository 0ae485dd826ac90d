package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Event.Kind;
import dev.berth.operator.decide.Policy.UpdateMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A policy that only reports for a while, and then acts again. */
class HeldTest {
  private static final long COST = 64 << 10;

  private static final Map<String, Consumer<Fleet>> HOLDS =
      Map.of(
          "paused",
          HeldTest::pause,
          "in conflict",
          fleet -> fleet.conflict = Optional.of("an autoscaler"),
          "off",
          fleet -> fleet.policy = Policies.mode(fleet.policy, UpdateMode.OFF));

  private static void pause(Fleet fleet) {
    fleet.paused = Optional.of("paused");
  }

  private static void free(Fleet fleet) {
    fleet.paused = Optional.empty();
    fleet.conflict = Optional.empty();
    fleet.policy = Policies.mode(fleet.policy, UpdateMode.AUTO);
  }

  private static Fleet fleet(Policy policy, int pods) {
    var fleet = new Fleet(policy, pods, COST, new Random(7));
    fleet.seconds(3, 100);
    return fleet;
  }

  /**
   * Pods that were told 300 by a policy that allows 768 now, and was held for a minute: four steps
   * of a quarter, and the dead band.
   */
  private static Fleet held(Consumer<Fleet> hold) {
    var fleet = fleet(Policies.maxLimit(300), 2);
    fleet.policy = Policies.DEFAULT;
    hold.accept(fleet);
    fleet.seconds(60, 100);
    return fleet;
  }

  private static List<Integer> limits(Fleet fleet) {
    return fleet.pods.stream().map(pod -> pod.marks.getOrDefault("limit", 0)).toList();
  }

  private static List<String> limitsTold(Fleet fleet) {
    return fleet.last.report().events().stream()
        .filter(event -> event.kind() == Kind.LIMIT_CHANGED)
        .map(event -> event.message().replaceFirst(" from .*", ""))
        .toList();
  }

  @Test
  void whatItRecommendsMovesOn() {
    HOLDS.forEach((name, hold) -> {
      var fleet = held(hold);
      assertThat(fleet.last.report().connectionLimit()).as(name).hasValue(734);
      assertThat(limits(fleet)).as(name).containsExactly(300, 300);
    });
  }

  @Test
  void limitsRiseInStepsFromWhatPodsHave() {
    HOLDS.forEach((name, hold) -> {
      var fleet = held(hold);
      free(fleet);
      fleet.second(100);
      assertThat(limits(fleet)).as(name).containsExactly(375, 375);
      assertThat(limitsTold(fleet)).as(name).containsExactly("limit 375");
      fleet.seconds(5, 100);
      assertThat(limits(fleet)).as(name).containsExactly(469, 469);
      assertThat(limitsTold(fleet)).as(name).containsExactly("limit 469");
    });
  }

  @Test
  void aLimitThatIsRecommendedAndOneStepAwayIsToldOfToo() {
    var fleet = fleet(Policies.maxLimit(700), 2);
    fleet.policy = Policies.DEFAULT;
    pause(fleet);
    fleet.seconds(60, 100);
    free(fleet);
    fleet.second(100);
    assertThat(limits(fleet)).containsExactly(768, 768);
    assertThat(limitsTold(fleet)).containsExactly("limit 768");
  }

  @Test
  void theFirstLimitAfterOnlyRecommendationsIsToldOf() {
    var fleet = fleet(Policies.mode(UpdateMode.OFF), 2);
    fleet.seconds(10, 100);
    free(fleet);
    fleet.second(100);
    assertThat(limits(fleet)).containsExactly(768, 768);
    assertThat(limitsTold(fleet)).containsExactly("limit 768");
  }

  @Test
  void anOperatorThatRestartedMeanwhileTakesNoRecommendationForALimit() {
    var fleet = held(HeldTest::pause);
    fleet.restartOperator();
    fleet.seconds(10, 100);
    free(fleet);
    fleet.second(100);
    assertThat(limits(fleet)).allSatisfy(limit -> assertThat(limit).isLessThanOrEqualTo(375));
  }

  @Test
  void aPodRecoversFromWhatItHas() {
    var fleet = fleet(Policies.DEFAULT, 2);
    fleet.kill(fleet.pods.getFirst());
    fleet.seconds(5, 100);
    assertThat(limits(fleet)).containsExactly(537, 768);
    pause(fleet);
    fleet.seconds(120, 100);
    free(fleet);
    fleet.second(100);
    // 5 % of 768 more
    assertThat(limits(fleet)).containsExactly(576, 768);
  }

  @Test
  void aPodUnderPressureIsCutOnceForAllThatTime() {
    var fleet = fleet(Policies.replicas(1, 1), 1);
    pause(fleet);
    fleet.pods.getFirst().peak = 1_100;
    fleet.seconds(120, 100);
    free(fleet);
    fleet.second(100);
    assertThat(limits(fleet)).containsExactly(80);
  }

  @Test
  void aPodThatWasKilledSeveralTimesIsCutOnce() {
    var fleet = fleet(Policies.replicas(1, 1), 1);
    pause(fleet);
    for (int kill = 0; kill < 5; kill++) {
      fleet.kill(fleet.pods.getFirst());
      fleet.seconds(5, 100);
    }
    free(fleet);
    fleet.second(100);
    assertThat(limits(fleet)).containsExactly(537);
  }

  @Test
  void aPodThatHoldsTooManyGetsItsShareInSteps() {
    var fleet = fleet(Policies.replicas(5, 5), 5);
    fleet.seconds(5, 0);
    fleet.pods.getFirst().active = 700;
    fleet.pods.getFirst().peak = 700;
    pause(fleet);
    fleet.seconds(60, 700);
    free(fleet);
    fleet.second(700);
    assertThat(limits(fleet).getFirst()).isBetween(710, 750);
    assertThat(fleet.last.report().events())
        .extracting(Decision.Event::kind)
        .contains(Kind.REBALANCING);
  }
}
