package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From 0 to 3,000 connections in a minute, held for two, down to 300 in ten seconds; pods of 128Mi
 * in which a connection takes some 70 KB; clients that are refused try again after a second.
 */
class SurgeTest {
  private static final int MOST = 3_000;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6})
  void isServedByPodsThatWereAskedForInTime(int startSeconds) {
    var fleet = new Fleet(Policies.replicas(1, 10), 1, 70_000, new Random(startSeconds));
    fleet.startSeconds = startSeconds;
    fleet.seconds(10, 0);
    int passed = 0;
    int scaled = 0;
    long unserved = 0;
    for (int second = 1; second <= 180; second++) {
      int wanted = Math.min(MOST, MOST / 60 * second);
      fleet.second(wanted);
      unserved += wanted - fleet.active();
      passed = passed == 0 && fleet.last.report().figures().saturation() > 0.7 ? second : passed;
      scaled = scaled == 0 && fleet.replicas > 1 ? second : scaled;
    }

    assertThat(scaled).as("first pod asked for").isPositive();
    assertThat(passed == 0 || scaled <= passed + 5).as("asked for in time").isTrue();
    assertThat(fleet.rejected).as("refusals").isLessThan(1_500);
    assertThat(unserved).as("connection-seconds").isLessThan(MOST * 150L / 200);
    assertThat(skew(fleet)).as("skew").isLessThan(1.5);
    assertThat(fleet.killed).isZero();

    int most = fleet.replicas;
    for (int second = 1; second <= 10; second++) {
      fleet.second(MOST - 270 * second);
    }
    fleet.seconds(400, 300);
    assertThat(fleet.replicas).isEqualTo(1);
    assertThat(most).isLessThanOrEqualTo(7);
    assertThat(fleet.lost).isZero();
  }

  private static double skew(Fleet fleet) {
    double most = fleet.pods.stream().mapToInt(pod -> pod.active).max().orElseThrow();
    return most * fleet.pods.size() / fleet.active();
  }
}
