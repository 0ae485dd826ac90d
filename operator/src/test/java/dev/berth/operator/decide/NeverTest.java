package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Event.Kind;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Policy.UpdateMode;
import dev.berth.operator.decide.Tale.Chapter;
import dev.berth.operator.decide.Tale.Mishap;
import dev.berth.operator.decide.Tale.Played;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;

/** What the control loop must never do, whatever befalls a fleet. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class NeverTest {
  /** The event that tells of a state's beginning, by that of its end. */
  private static final Map<Kind, Kind> BEGINNINGS =
      Map.of(
          Kind.PRESSURE_EASED, Kind.PRESSURE,
          Kind.METRICS_BACK, Kind.METRICS_MISSING,
          Kind.CONFLICT_RESOLVED, Kind.CONFLICT);

  /** Each fails if a round did what its name says. */
  private static final List<Consumer<Played>> NEVER =
      List.of(
          NeverTest::scalesBelowMinReplicas,
          NeverTest::drainsMorePodsThanMinReplicasLeaves,
          NeverTest::scalesAboveMaxReplicas,
          NeverTest::actsOnATargetThatAnotherScales,
          NeverTest::fightsAHumanWhoPausedIt,
          NeverTest::actsWithUpdateModeOff,
          NeverTest::leavesADrainThatNobodyEnds,
          NeverTest::touchesAPodThatAPersonDrains,
          NeverTest::wakesAWorkloadThatWasScaledToZeroByHand,
          NeverTest::movesReplicasWithUpdateModeLimitsOnly,
          NeverTest::scalesDownOnMissingMetrics,
          NeverTest::removesAPodThatIsNotDrained,
          NeverTest::writesALimitOutsideItsBounds,
          NeverTest::writesALimitThatThePodHas,
          NeverTest::drainsAndSparesAPodAtOnce,
          NeverTest::lowersALimitForBalanceBelowWhatIsBusy,
          NeverTest::balancesAFleetThatIsShortOfRoom,
          NeverTest::balancesWhilePodsAreDrained,
          NeverTest::lowersALimitForBalanceBelowAnEqualPart,
          NeverTest::letsPodsLeaveRotationWhenNoOtherHasRoom,
          NeverTest::letsAPodOfAStatefulSetLeaveRotation,
          NeverTest::tellsThatAStateHasEndedWhileItHolds,
          NeverTest::decidesOtherwiseFromTheSame);

  /** All of them after each round of a tale; where a failure is thrown names the one. */
  @Property
  void doesWhatItMustNever(@ForAll Tale tale) {
    tale.play(played -> NEVER.forEach(never -> never.accept(played)));
  }

  private static void scalesBelowMinReplicas(Played played) {
    switch (played.actions().scale()) {
      case Scale.Keep() -> {}
      case Scale.Up(int to) -> assertThat(to).isGreaterThanOrEqualTo(played.policy().minReplicas());
      case Scale.Remove(int to, var _) ->
          assertThat(to).isGreaterThanOrEqualTo(played.policy().minReplicas());
    }
  }

  private static void drainsMorePodsThanMinReplicasLeaves(Played played) {
    if (!played.actions().drain().isEmpty()) {
      assertThat(played.seen().workload().replicas() - played.actions().drain().size())
          .isGreaterThanOrEqualTo(played.policy().minReplicas());
    }
  }

  private static void scalesAboveMaxReplicas(Played played) {
    if (played.actions().scale() instanceof Scale.Up(int to)) {
      assertThat(to).isLessThanOrEqualTo(played.policy().maxReplicas());
    }
  }

  private static void actsOnATargetThatAnotherScales(Played played) {
    if (played.seen().workload().conflict().isPresent()) {
      assertTakesBackItsDrainsAtMost(played);
      assertThat(played.decision().report().reason())
          .startsWith(played.seen().workload().conflict().get().sentence());
    }
  }

  private static void assertTakesBackItsDrainsAtMost(Played played) {
    Set<String> undrained = played.actions().undrain();
    assertThat(played.actions()).isEqualTo(Decision.Actions.undrain(undrained));
    assertThat(played.seen().draining()).extracting(Pod::name).containsAll(undrained);
  }

  private static void fightsAHumanWhoPausedIt(Played played) {
    if (played.seen().workload().paused().isPresent()) {
      assertThat(played.actions().isEmpty()).isTrue();
    }
  }

  private static void actsWithUpdateModeOff(Played played) {
    if (played.policy().mode() == UpdateMode.OFF) {
      assertTakesBackItsDrainsAtMost(played);
    }
  }

  private static void leavesADrainThatNobodyEnds(Played played) {
    var workload = played.seen().workload();
    boolean held = workload.conflict().isPresent() || played.policy().mode() == UpdateMode.OFF;
    if (held && workload.paused().isEmpty() && workload.replicas() > 0) {
      assertThat(played.fleet().pods).allMatch(pod -> pod.draining.isEmpty());
    }
  }

  private static void touchesAPodThatAPersonDrains(Played played) {
    for (Pod pod : played.seen().drainedByHand()) {
      assertThat(played.actions().undrain()).doesNotContain(pod.name());
      assertThat(played.actions().drain()).doesNotContain(pod.name());
      assertThat(played.fleet().pods).extracting(each -> each.name).contains(pod.name());
    }
  }

  private static void wakesAWorkloadThatWasScaledToZeroByHand(Played played) {
    if (played.seen().workload().replicas() == 0) {
      assertThat(played.actions().isEmpty()).isTrue();
    }
  }

  private static void movesReplicasWithUpdateModeLimitsOnly(Played played) {
    if (played.policy().mode() == UpdateMode.LIMITS_ONLY) {
      assertThat(played.actions().scale()).isInstanceOf(Scale.Keep.class);
      assertThat(played.actions().drain()).isEmpty();
    }
  }

  private static void scalesDownOnMissingMetrics(Played played) {
    boolean blind =
        played.seen().missing().stream()
            .anyMatch(pod -> !pod.marks().draining() && played.alive(pod));
    if (blind) {
      assertThat(played.shrinks()).isFalse();
    }
  }

  private static void removesAPodThatIsNotDrained(Played played) {
    if (played.actions().scale() instanceof Scale.Remove(int _, var pods)) {
      assertThat(pods).isNotEmpty().allSatisfy(name -> assertDrained(played, name));
    }
  }

  private static void assertDrained(Played played, String name) {
    Pod pod =
        played.seen().pods().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(pod.marks().drainingSince()).isPresent();
    boolean empty =
        pod.observed()
            .map(seen -> seen.active() == 0 && seen.draining())
            .orElse(pod.occupancy() != Pod.Occupancy.OCCUPIED);
    boolean hadItsTime =
        !played
            .decision()
            .history()
            .at()
            .orElseThrow()
            .isBefore(pod.marks().drainingSince().get().plus(played.policy().drainTimeout()));
    assertThat(empty || hadItsTime).as("empty, or had its time").isTrue();
  }

  private static void writesALimitOutsideItsBounds(Played played) {
    assertThat(played.actions().limits().values())
        .allSatisfy(limit ->
            assertThat(limit)
                .isBetween(
                    played.policy().connections().minLimit(),
                    played.policy().connections().maxLimit()));
  }

  private static void writesALimitThatThePodHas(Played played) {
    for (Pod pod : played.seen().pods()) {
      if (pod.marks().generation() == played.policy().generation()
          && pod.marks().limit().isPresent()) {
        assertThat(played.actions().limits())
            .doesNotContainEntry(pod.name(), pod.marks().limit().getAsInt());
      }
    }
  }

  private static void drainsAndSparesAPodAtOnce(Played played) {
    var both = new HashSet<>(played.actions().drain());
    both.retainAll(played.actions().undrain());
    assertThat(both).isEmpty();
  }

  private static void lowersALimitForBalanceBelowWhatIsBusy(Played played) {
    for (Pod pod : played.seen().serving()) {
      var share = played.decision().history().pod(pod.name()).orElseThrow().share();
      int busy = pod.observed().orElseThrow().busy();
      share.ifPresent(limit -> {
        assertThat(limit).isGreaterThanOrEqualTo(played.policy().connections().minLimit());
        assertThat(limit).isGreaterThanOrEqualTo(busy);
      });
    }
  }

  private static void balancesAFleetThatIsShortOfRoom(Played played) {
    double full = played.policy().connections().panicUtilization() / 100.0;
    if (played.decision().report().figures().saturation() >= full) {
      assertThat(played.decision().history().pods().values())
          .allSatisfy(pod -> assertThat(pod.share()).isEmpty());
    }
  }

  private static void balancesWhilePodsAreDrained(Played played) {
    boolean all = played.seen().pods().size() == played.seen().workload().replicas();
    if (all && !played.seen().draining().isEmpty()) {
      assertThat(played.decision().history().pods().values())
          .allSatisfy(pod -> assertThat(pod.share()).isEmpty());
    }
  }

  private static void lowersALimitForBalanceBelowAnEqualPart(Played played) {
    var serving = played.seen().serving();
    int held = serving.stream().mapToInt(Pod::active).sum();
    played.decision().history().pods().values().stream()
        .flatMapToInt(pod -> pod.share().stream())
        .forEach(share -> assertThat(share).isGreaterThanOrEqualTo(held / serving.size()));
  }

  /** A tale in which the mean rose while a pod had not yet come down to its share. */
  @Example
  void lowersALimitForBalanceBelowAnEqualPartThatHasRisen() {
    var atOnce = new Behavior.Rules(Duration.ZERO, Behavior.Select.MAX, List.of(), 0);
    var policy =
        new Policy(
            1,
            1,
            1,
            UpdateMode.AUTO,
            new Policy.Connections(1, 19, 61, 64, 1.1),
            new Policy.Memory(75, 90),
            new Behavior(atOnce, atOnce),
            Duration.ofSeconds(5),
            new Policy.Fallback(1, Optional.empty()));
    var chapters =
        List.of(
            new Chapter(0, 1, Mishap.PAUSED),
            new Chapter(0, 1, Mishap.NONE),
            new Chapter(0, 1, Mishap.NONE),
            new Chapter(0, 1, Mishap.NONE),
            new Chapter(0, 1, Mishap.NONE),
            new Chapter(0, 1, Mishap.SCALED_BY_HAND),
            new Chapter(12, 3, Mishap.NONE),
            new Chapter(108, 1, Mishap.NONE));
    doesWhatItMustNever(
        new Tale(
            policy,
            1,
            204_800,
            Tale.Kind.of(Workload.Removal.HIGHEST_ORDINAL_FIRST),
            chapters,
            89));
  }

  /**
   * A tale in which refusals of 9 seconds came to half a client, summed in one order or another.
   */
  @Example
  void decidesOtherwiseFromTheSameRefusals() {
    var atOnce = new Behavior.Rules(Duration.ZERO, Behavior.Select.MAX, List.of(), 0);
    var policy =
        new Policy(
            1,
            3,
            3,
            UpdateMode.AUTO,
            new Policy.Connections(3, 33, 40, 40, 1.1),
            new Policy.Memory(75, 90),
            new Behavior(atOnce, atOnce),
            Duration.ofSeconds(5),
            new Policy.Fallback(1, Optional.empty()));
    var chapters =
        List.of(
            new Chapter(9, 1, Mishap.POD_KILLED_FOR_MEMORY),
            new Chapter(20, 18, Mishap.NONE),
            new Chapter(4, 9, Mishap.OPERATOR_OVERTAKEN),
            new Chapter(224, 4, Mishap.NONE),
            new Chapter(22, 4, Mishap.NONE),
            new Chapter(20, 21, Mishap.NONE));
    doesWhatItMustNever(
        new Tale(
            policy, 1, 204_800, Tale.Kind.of(Workload.Removal.CHEAPEST_FIRST), chapters, 143_546));
  }

  private static void letsPodsLeaveRotationWhenNoOtherHasRoom(Played played) {
    var drained =
        played.seen().pods().stream()
            .filter(pod -> pod.marks().draining())
            .map(Pod::name)
            .collect(Collectors.toSet());
    var leaving =
        played.fleet().pods.stream()
            .filter(pod -> pod.mayLeave && !drained.contains(pod.name))
            .toList();
    boolean held = Guards.hold(played.policy(), played.seen()).isPresent();
    if (!held && !leaving.isEmpty()) {
      assertThat(played.fleet().pods)
          .anySatisfy(pod -> {
            assertThat(pod.mayLeave).isFalse();
            assertThat(drained).doesNotContain(pod.name);
            assertThat(pod.active).isLessThan(pod.limit);
          });
    }
  }

  private static void letsAPodOfAStatefulSetLeaveRotation(Played played) {
    if (played.fleet().removal.byOrdinal()) {
      assertThat(played.actions().leave()).isEmpty();
    }
  }

  private static void tellsThatAStateHasEndedWhileItHolds(Played played) {
    var seen = played.seen();
    for (Decision.Event event : played.decision().report().events()) {
      switch (event.kind()) {
        case PRESSURE_EASED ->
            assertThat(seen.pods())
                .noneMatch(pod -> PodLimits.pressed(pod, played.policy()))
                .noneMatch(pod -> pod.state() instanceof Pod.Missing);
        case METRICS_BACK ->
            assertThat(seen.pods())
                .noneMatch(pod -> pod.state() instanceof Pod.Missing)
                .anyMatch(pod -> pod.observed().isPresent());
        case CONFLICT_RESOLVED -> assertThat(seen.workload().conflict()).isEmpty();
        case LIMIT_CHANGED,
            SCALED,
            DRAINING,
            DRAIN_UNDONE,
            REBALANCING,
            PRESSURE,
            METRICS_MISSING,
            CONFLICT -> {}
      }
    }
  }

  @Property
  void tellsThatAStateHasEndedThatItNeverToldOf(@ForAll Tale tale) {
    var told = EnumSet.noneOf(Kind.class);
    tale.play(played -> {
      for (Decision.Event event : played.decision().report().events()) {
        told.add(event.kind());
        Kind beginning = BEGINNINGS.get(event.kind());
        if (beginning != null) {
          assertThat(told).contains(beginning);
        }
      }
    });
  }

  private static void decidesOtherwiseFromTheSame(Played played) {
    assertThat(
            Round.decide(
                played.policy(),
                new Observation(
                    played.seen().workload(), List.copyOf(played.seen().pods()).reversed()),
                played.before(),
                played.fleet().now))
        .satisfies(again -> {
          assertThat(again.actions()).isEqualTo(played.actions());
          assertThat(again.report().events()).isEqualTo(played.decision().report().events());
          assertThat(again.report().reason()).isEqualTo(played.decision().report().reason());
        });
  }
}
