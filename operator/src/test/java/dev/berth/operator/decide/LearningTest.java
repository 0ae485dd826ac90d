package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Lesson.Disturbance;
import dev.berth.operator.decide.Lesson.Told;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LearningTest {
  private static final int LESSONS = 10;

  static Stream<Arguments> lessons() {
    return Stream.of(Told.values())
        .flatMap(told ->
            Stream.of(Disturbance.values())
                .filter(disturbance -> disturbance.visible(told))
                .flatMap(disturbance ->
                    Arrays.stream(LearningTable.COSTS)
                        .mapToObj(cost -> Arguments.of(told, disturbance, cost))));
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void theCostIsKnownWithinATenthAfterThreeMinutes(Told told, Disturbance disturbance, long cost) {
    assertThat(LearningTable.errors(cost, disturbance, told, LESSONS))
        .allSatisfy(error -> assertThat(error).isBetween(-0.1, 0.1));
  }
}
