package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pods that enforce less than the 768 connections that they are told. */
class CurbsTest {
  private static Fleet fleet(Policy policy, int most) {
    var fleet = new Fleet(policy, 3, 64 << 10, new Random(7));
    fleet.seconds(10, 0);
    fleet.pods.forEach(pod -> pod.bind(most));
    return fleet;
  }

  @Test
  void aFleetThatIsFullBelowTheLimitItWasToldGrows() {
    var fleet = fleet(Policies.DEFAULT, 400);
    // 65 % of 3 × 768
    assertThat(fleet.second(1_500).report().reason())
        .contains("saturation 125 % of 3 × 400 (300 refused counted) is over the target of 70 %")
        .contains("; 3 pods enforce less than told: 400 instead of 768 in chat-0");
    // the new ones have no bound of their own
    fleet.seconds(60, 1_500);
    assertThat(fleet.replicas).isEqualTo(6);
    assertThat(fleet.active()).isEqualTo(1_500);
  }

  @Test
  void aPodThatTakesNobodyIsNoCapacity() {
    var fleet = new Fleet(Policies.replicas(3, 10), 3, 64 << 10, new Random(7));
    fleet.seconds(10, 0);
    fleet.pods.get(1).bind(0);
    fleet.pods.get(2).bind(0);
    assertThat(fleet.seconds(60, 1_000).report().reason())
        .contains("; 2 pods enforce less than told: 0 instead of 768 in chat-1");
    assertThat(fleet.active()).isEqualTo(1_000);
    assertThat(fleet.replicas).isGreaterThan(3);
  }

  @Test
  void whatAPodIsToldIsNoLowerForIt() {
    var fleet = fleet(Policies.DEFAULT, 400);
    fleet.seconds(10, 300);
    assertThat(fleet.pods).allSatisfy(pod -> assertThat(pod.marks).containsEntry("limit", 768));
  }

  @Test
  void noPodIsDrainedThatTheOthersHaveNoRoomFor() {
    var fleet = fleet(Policies.downAfter(Duration.ofSeconds(5)), 400);
    // 35 % of 3 × 768
    for (int second = 0; second < 60; second++) {
      assertThat(fleet.second(810).actions().drain()).isEmpty();
    }
  }

  /** Each pod follows what it is told a second later. */
  @Test
  void aPodWhoseOwnLimitRisesHasTimeToFollow() {
    var fleet = fleet(Policies.DEFAULT, 768);
    var killed = fleet.pods.getFirst();
    fleet.kill(killed);
    for (int second = 0; second < 120; second++) {
      int before = killed.marks.getOrDefault("limit", 0);
      assertThat(fleet.second(100).report().reason()).doesNotContain("enforce");
      killed.limit = before;
    }
    assertThat(killed.marks).containsEntry("limit", 768);
    killed.bind(500);
    assertThat(fleet.seconds(2, 100).report().reason()).contains("500 instead of 768 in chat-0");
  }

  @Test
  void aPodThatHasJustComeHasTimeToFollow() {
    var fleet = fleet(Policies.DEFAULT, 768);
    fleet.policy = Policies.replicas(4, 10);
    while (fleet.pods.size() < 4 || !fleet.pods.getLast().started()) {
      fleet.second(0);
    }
    fleet.pods.getLast().bind(1);
    assertThat(fleet.second(0).report().reason()).doesNotContain("enforce");
    assertThat(fleet.seconds(10, 0).report().reason())
        .contains("1 pod enforces less than told: 1 instead of 768 in chat-3");
  }
}
