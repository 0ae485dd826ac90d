package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.berth.operator.decide.Behavior.Rate;
import dev.berth.operator.decide.Behavior.Rules;
import dev.berth.operator.decide.Behavior.Select;
import dev.berth.operator.decide.Behavior.Unit;
import dev.berth.operator.decide.History.Scaled;
import dev.berth.operator.decide.History.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HorizontalPodAutoscaler v2's behaviour, case by case: its documentation's examples, and the cases
 * that its controller is tested with. What is left out: minReplicas 0, which a policy doesn't have.
 *
 * <p>Rates are written {@code 4 pods/60s}, {@code 10%/60s}, with {@code Min:} or {@code Disabled:}
 * before them where selectPolicy isn't Max; what was before is {@code +5@60}: five pods, 60 seconds
 * ago.
 */
class HorizontalPodAutoscalerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          #rule                                                         | min | max  | has  | wants | up                    | down                  | lately              | gets | word
          within the range, as wanted                                   | 3   | 8    | 5    | 7     | default               | default               | -                   | 7    | -
          never fewer than minReplicas                                  | 2   | 8    | 3    | 1     | default               | default               | -                   | 2    | TooFewReplicas
          more than maxReplicas by hand: maxReplicas at once            | 1   | 10   | 20   | 1000  | default               | default               | -                   | 10   | TooManyReplicas
          fewer than minReplicas by hand: minReplicas at once           | 5   | 10   | 1    | 1     | 1 pods/60s            | default               | -                   | 5    | TooFewReplicas
          never more than maxReplicas                                   | 100 | 150  | 100  | 1000  | default               | default               | -                   | 150  | TooManyReplicas
          a rate below maxReplicas is what holds                        | 1   | 2000 | 3    | 5000  | 1%/60s                | default               | -                   | 4    | ScaleUpLimit
          percent upward is rounded up                                  | 1   | 2000 | 3    | 1000  | 1%/60s                | default               | -                   | 4    | ScaleUpLimit
          pods downward                                                 | 3   | 2000 | 1000 | 3     | default               | 20 pods/60s           | -                   | 980  | ScaleDownLimit
          default upward: 100 % beyond four pods                        | 1   | 1000 | 10   | 50    | default               | default               | -                   | 20   | ScaleUpLimit
          default upward: four pods below that                          | 1   | 1000 | 1    | 50    | default               | default               | -                   | 5    | ScaleUpLimit
          default downward: down to minReplicas                         | 1   | 1000 | 100  | 1     | default               | default               | -                   | 1    | -
          the larger of two rates upward: pods                          | 1   | 1000 | 10   | 500   | 100 pods/60s,100%/60s | default               | -                   | 110  | ScaleUpLimit
          the larger of two rates upward: percent                       | 1   | 1000 | 10   | 500   | 2 pods/60s,100%/60s   | default               | -                   | 20   | ScaleUpLimit
          a rate that allows more holds nothing                         | 1   | 1000 | 10   | 50    | 100 pods/60s          | default               | -                   | 50   | -
          pods alone upward                                             | 1   | 1000 | 10   | 50    | 30 pods/60s           | default               | -                   | 40   | ScaleUpLimit
          percent alone upward                                          | 1   | 1000 | 10   | 50    | 200%/60s              | default               | -                   | 30   | ScaleUpLimit
          the larger of two rates downward: pods                        | 1   | 1000 | 100  | 2     | default               | 20 pods/60s,1%/60s    | -                   | 80   | ScaleDownLimit
          the larger of two rates downward: two pods and one percent    | 1   | 1000 | 100  | 2     | default               | 2 pods/60s,1%/60s     | -                   | 98   | ScaleDownLimit
          a large rate downward ends at minReplicas                     | 5   | 1000 | 10   | 2     | default               | 100%/60s              | -                   | 5    | TooFewReplicas
          pods alone downward                                           | 1   | 1000 | 10   | 2     | default               | 5 pods/60s            | -                   | 5    | ScaleDownLimit
          percent alone downward                                        | 1   | 1000 | 10   | 5     | default               | 50%/60s               | -                   | 5    | -
          Min upward: the smaller                                       | 1   | 1000 | 1    | 9     | Min:2 pods/60s,50%/60s| default               | -                   | 2    | ScaleUpLimit
          Min downward: the smaller                                     | 1   | 1000 | 5    | 1     | default               | Min:2 pods/60s,50%/60s| -                   | 3    | ScaleDownLimit
          Disabled upward: none                                         | 1   | 1000 | 3    | 9     | Disabled:4 pods/60s   | default               | -                   | 3    | ScaleUpLimit
          Disabled upward leaves downward alone                         | 1   | 1000 | 3    | 1     | Disabled:4 pods/60s   | default               | -                   | 1    | -
          Disabled downward: none                                       | 1   | 1000 | 9    | 3     | default               | Disabled:4 pods/60s   | -                   | 9    | ScaleDownLimit
          Disabled downward leaves upward alone                         | 1   | 1000 | 3    | 7     | default               | Disabled:4 pods/60s   | -                   | 7    | -
          a period begins with what there was then: pods                | 1   | 1000 | 100  | 500   | 150 pods/120s         | default               | +1@100 +5@60 +9@20  | 235  | ScaleUpLimit
          a period begins with what there was then: percent             | 1   | 1000 | 100  | 500   | 200%/120s             | default               | +1@100 +5@60 +9@20  | 255  | ScaleUpLimit
          more was added lately than the rate allows: no more           | 1   | 1000 | 100  | 500   | 5 pods/120s           | default               | +1@100 +5@60 +9@20  | 100  | ScaleUpLimit
          maxReplicas before a large rate                               | 1   | 200  | 100  | 500   | 300 pods/60s          | default               | +1@100 +5@60 +9@20  | 200  | TooManyReplicas
          what was added before the period doesn't count                | 1   | 1000 | 100  | 500   | 150 pods/60s          | default               | +1@100 +5@70 +9@61  | 250  | ScaleUpLimit
          what was added and removed lately, upward                     | 1   | 1000 | 6    | 24    | 300%/300s             | default               | +4@60 -2@60         | 16   | ScaleUpLimit
          what was added and removed lately, downward                   | 1   | 1000 | 10   | 1     | default               | 50%/180s              | +2@60 -4@60         | 6    | ScaleDownLimit
          default downward whatever was removed                         | 1   | 1000 | 10   | 5     | default               | default               | -1@100 -5@60 -9@20  | 5    | -
          a large rate downward whatever was removed                    | 5   | 1000 | 100  | 1     | default               | 130 pods/120s         | -1@100 -5@60 -9@20  | 5    | TooFewReplicas
          more was removed lately than the rate allows: no more         | 1   | 1000 | 100  | 2     | default               | 5 pods/120s           | -1@100 -5@60 -9@20  | 100  | ScaleDownLimit
          half of what there was when the period began                  | 1   | 1000 | 100  | 1     | default               | 50%/120s              | -2@100 -4@60 -6@20  | 56   | ScaleDownLimit
          a tenth of what there was is gone already                     | 1   | 1000 | 100  | 1     | default               | 10%/120s              | -10@100 -10@60 -10@20 | 100 | ScaleDownLimit
          more than all may go                                          | 1   | 1000 | 10   | 5     | default               | 1000%/120s            | -10@100 -10@60 -10@20 | 5  | -
          two rates with periods of their own                           | 1   | 1000 | 100  | 200   | 1000 pods/30s,100%/60s| default               | +8@105 +12@75 +9@45 | 200  | -
          documentation: 10 % of 80 in a minute                         | 1   | 1000 | 80   | 10    | default               | 4 pods/60s,10%/60s    | -                   | 72   | ScaleDownLimit
          documentation: 7.2 of 72 is rounded up to 8                   | 1   | 1000 | 72   | 10    | default               | 4 pods/60s,10%/60s    | -                   | 64   | ScaleDownLimit
          documentation: four pods below 40                             | 1   | 1000 | 36   | 10    | default               | 4 pods/60s,10%/60s    | -                   | 32   | ScaleDownLimit
          documentation: no more than 5 pods a minute                   | 1   | 1000 | 100  | 10    | default               | Min:5 pods/60s,10%/60s| -                   | 95   | ScaleDownLimit
          """)
  void movesNoFurtherThanItsRatesAllow(
      String rule,
      int min,
      int max,
      int has,
      int wants,
      String up,
      String down,
      String lately,
      int gets,
      String word) {
    var behavior = new Behavior(rules(up, Behavior.DEFAULT_UP), rules(down, Behavior.DEFAULT_DOWN));
    var policy = Policies.with(Policies.DEFAULT, Policy.UpdateMode.AUTO, min, max, behavior);
    var scaled = changes(lately).map(each -> new Scaled(each.at(), each.pods())).toList();
    var replicas =
        Replicas.bounded(wants, "", policy, has, false, History.NONE.with(List.of(), scaled), NOW);

    assertThat(replicas.desired()).isEqualTo(gets);
    assertThat(replicas.bound().map(Replicas.Bound::word)).isEqualTo(Optional.ofNullable(word));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          #rule                                                    | has | wants | up  | down | wanted lately         | gets
          nothing wanted lately: as wanted                         | 100 | 5     | 0   | 300  | -                     | 5
          downward the highest within the window                   | 100 | 3     | 0   | 180  | 4@120 5@60            | 5
          upward the lowest within the window                      | 1   | 7     | 300 | 0    | 4@120 5@60            | 4
          upward alone stabilized: downward as wanted              | 100 | 3     | 300 | 0    | 1@120 2@60            | 3
          downward alone stabilized: upward as wanted              | 1   | 3     | 0   | 300  | 4@120 5@60            | 3
          what was wanted before the window doesn't count, down    | 100 | 3     | 0   | 300  | 10@600 9@540          | 3
          what was wanted before the window doesn't count, up      | 1   | 100   | 0   | 0    | 10@600 9@540          | 100
          old and new together, down                               | 100 | 3     | 0   | 180  | 10@600 4@60 5@120 9@540 | 5
          old and new together, up                                 | 1   | 100   | 300 | 0    | 10@6000 6@60 5@120 9@180 | 5
          lower now than what was wanted lately: not up            | 2   | 1     | 300 | 300  | 2@6000 3@180          | 2
          higher now than what was wanted lately: not down         | 2   | 3     | 300 | 300  | 2@6000 1@180          | 2
          documentation: the highest of the last five minutes      | 10  | 2     | 0   | 300  | 8@200 3@100           | 8
          """)
  void holdsStillAsItsWindowsSay(
      String rule, int has, int wants, int up, int down, String lately, int gets) {
    var behavior = new Behavior(window(up), window(down));
    var wanted = changes(lately).map(each -> new Wanted(each.at(), each.pods())).toList();

    assertThat(Windows.stabilized(has, wants, behavior, wanted, NOW)).isEqualTo(gets);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          #rule                                                  | up   | down | connections | gets
          at the target                                          | 0.1  | 0.1  | 700         | 10
          a tenth more, as the tolerance: no change              | 0.1  | 0.1  | 770         | 10
          more than that: as many as the target needs            | 0.1  | 0.1  | 771         | 12
          a tenth less, as the tolerance: no change              | 0.1  | 0.1  | 630         | 10
          less than that: as many as the target needs            | 0.1  | 0.1  | 629         | 9
          twice as much: twice as many                           | 0.1  | 0.1  | 1400        | 20
          half as much: half as many                             | 0.1  | 0.1  | 350         | 5
          no tolerance upward                                    | 0    | 0.1  | 701         | 11
          no tolerance downward                                  | 0.1  | 0    | 630         | 9
          each direction has its own: up                         | 0.5  | 0    | 1050        | 10
          each direction has its own: down                       | 0    | 0.5  | 350         | 10
          """)
  void leavesSmallDifferencesAlone(String rule, double up, double down, int connections, int gets) {
    var behavior =
        new Behavior(
            new Rules(Duration.ZERO, Select.MAX, List.of(), up),
            new Rules(Duration.ZERO, Select.MAX, List.of(), down));
    var policy = Policies.with(Policies.DEFAULT, Policy.UpdateMode.AUTO, 1, 100, behavior);
    var replicas =
        Replicas.of(
            policy,
            new Demand(connections, 0, 0, 0, 0),
            Trend.NONE,
            100,
            10,
            0,
            0,
            new Lost(0, 0, List.of()),
            0,
            false,
            History.NONE,
            NOW);

    assertThat(replicas.desired()).isEqualTo(gets);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a part of a percent more than the target: no change    | 10.07 | 10
          a tenth more, as the tolerance: no change              | 11    | 10
          more than that: as many as the target needs            | 11.1  | 12
          less than the target, more than connections need       | 7.5   | 8
          """)
  void leavesSmallDifferencesOfMemoryAlone(String rule, double filled, int gets) {
    var behavior =
        new Behavior(
            new Rules(Duration.ZERO, Select.MAX, List.of(), 0.1),
            new Rules(Duration.ZERO, Select.MAX, List.of(), 0.1));
    var replicas =
        Replicas.of(
            Policies.with(Policies.DEFAULT, Policy.UpdateMode.AUTO, 1, 100, behavior),
            new Demand(350, 0, 0, 0, 0),
            Trend.NONE,
            100,
            10,
            0,
            0,
            new Lost(0, 0, List.of()),
            filled,
            false,
            History.NONE,
            NOW);

    assertThat(replicas.desired()).isEqualTo(gets);
  }

  @Test
  void podsThatDoNotTellTheirMemoryAreAsFullAsTheOthers() {
    // 75 % of 128 MiB less the base is what connections may use
    long usable = (96L << 20) - CostBook.UNKNOWN.base();
    var half = OptionalLong.of(CostBook.UNKNOWN.needed() + usable / 2);

    assertThat(filled(half, half)).isCloseTo(1, offset(0.01));
    assertThat(filled(half, OptionalLong.empty())).isCloseTo(1, offset(0.01));
    assertThat(filled(OptionalLong.empty(), OptionalLong.empty())).isZero();
  }

  private static double filled(OptionalLong... live) {
    var pods =
        Arrays.stream(live)
            .map(each -> new Pod.Observed(100, 100, false, 0, 1, each))
            .map(state ->
                new Pod(
                    "", "", Pod.Marks.NONE, OptionalLong.of(128 << 20), Optional.empty(), state))
            .toList();
    return Replicas.byMemory(Policies.DEFAULT, pods, CostBook.UNKNOWN);
  }

  private static Rules window(int seconds) {
    return new Rules(Duration.ofSeconds(seconds), Select.MAX, List.of(), 0.1);
  }

  private static Rules rules(String written, Rules defaults) {
    if (written.equals("default")) {
      return defaults;
    }
    String[] parts = written.split(":", -1);
    Select select =
        parts.length == 1 ? Select.MAX : parts[0].equals("Min") ? Select.MIN : Select.DISABLED;
    var rates =
        Arrays.stream(parts[parts.length - 1].split(",", -1))
            .map(HorizontalPodAutoscalerTest::rate)
            .toList();
    return new Rules(Duration.ZERO, select, rates, 0.1);
  }

  private static Rate rate(String written) {
    String[] parts = written.split(" pods/|%/|s", -1);
    return new Rate(
        written.contains("%") ? Unit.PERCENT : Unit.PODS,
        Integer.parseInt(parts[0]),
        Duration.ofSeconds(Integer.parseInt(parts[1])));
  }

  private record Change(int pods, Instant at) {}

  private static Stream<Change> changes(String written) {
    return Optional.ofNullable(written).stream()
        .flatMap(each -> Arrays.stream(each.split(" ", -1)))
        .map(each -> each.split("@", -1))
        .map(each ->
            new Change(Integer.parseInt(each[0]), NOW.minusSeconds(Integer.parseInt(each[1]))));
  }
}
