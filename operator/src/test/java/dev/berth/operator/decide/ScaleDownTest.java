package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Tale.Mishap;
import dev.berth.operator.decide.Tale.Played;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;

/** Scale-down that breaks nothing, whatever befalls a fleet. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ScaleDownTest {

  @Property
  void takesThePodsWithTheFewestConnections(@ForAll Tale tale) {
    tale.play(played -> {
      if (!tale.kind().removal().byOrdinal()) {
        assertChosen(played, Pod::active);
      }
    });
  }

  @Property
  void takesAStatefulSetsHighestOrdinals(@ForAll Tale tale) {
    tale.play(played -> {
      if (tale.kind().removal().byOrdinal()) {
        assertChosen(played, pod -> -Integer.parseInt(pod.name().substring("chat-".length())));
      }
    });
  }

  @Property
  void takesAStatefulSetsPodsOneByOne(@ForAll Tale tale) {
    tale.play(played -> {
      if (tale.kind().removal() == Workload.Removal.HIGHEST_ORDINAL_FIRST) {
        assertThat(played.actions().drain()).hasSizeLessThanOrEqualTo(1);
      }
    });
  }

  /** What was chosen comes before whatever was left, in this order. */
  private static void assertChosen(Played played, ToIntFunction<Pod> order) {
    Set<String> chosen = played.actions().drain();
    int last = pods(played, chosen::contains).mapToInt(order).max().orElse(Integer.MIN_VALUE);
    int next =
        pods(played, name -> !chosen.contains(name))
            .mapToInt(order)
            .min()
            .orElse(Integer.MAX_VALUE);
    assertThat(last).isLessThanOrEqualTo(next);
  }

  private static Stream<Pod> pods(Played played, java.util.function.Predicate<String> names) {
    return played.seen().pods().stream()
        .filter(pod -> names.test(pod.name()) && !pod.marks().drainedByHand());
  }

  @Property
  void leavesRoomForEveryConnection(@ForAll Tale tale) {
    tale.play(played -> {
      Set<String> chosen = played.actions().drain();
      if (!chosen.isEmpty()) {
        int active = played.seen().pods().stream().mapToInt(Pod::active).sum();
        int room =
            pods(played, name -> !chosen.contains(name))
                .mapToInt(pod -> capacity(played, pod))
                .sum();
        assertThat(active).isLessThanOrEqualTo(room);
      }
    });
  }

  /** What a pod can hold by its memory: no share, which ends when a drain begins. */
  private static int capacity(Played played, Pod pod) {
    int common = played.decision().report().connectionLimit().orElseThrow();
    return played
        .decision()
        .history()
        .pod(pod.name())
        .flatMap(History.PodHistory::cut)
        .map(cut -> Math.min(common, cut.limit()))
        .orElse(common);
  }

  @Property
  void lowersTheScaleByExactlyTheDrainedPods(@ForAll Tale tale) {
    tale.play(played -> {
      if (played.actions().scale() instanceof Scale.Remove(int to, var pods)) {
        assertThat(to).isEqualTo(played.seen().workload().replicas() - pods.size());
        assertThat(pods).isEqualTo(names(played.seen().draining()));
      }
    });
  }

  @Property
  void takesNoOtherPodsThanTheDrainedOnes(@ForAll Tale tale) {
    tale.play(played -> {
      if (played.actions().scale() instanceof Scale.Remove(int _, var pods)) {
        assertThat(played.fleet().pods)
            .extracting(pod -> pod.name)
            .doesNotContainAnyElementsOf(pods);
      }
    });
  }

  private static Set<String> names(List<Pod> pods) {
    return pods.stream().map(Pod::name).collect(Collectors.toSet());
  }

  @Property
  void undoesTheDrainBeforeAnyPodIsAdded(@ForAll Tale tale) {
    tale.play(played -> {
      if (played.actions().scale() instanceof Scale.Up) {
        assertThat(played.actions().undrain()).isEqualTo(names(played.seen().draining()));
      }
    });
  }

  @Property
  void drainsOneWaveAtATime(@ForAll Tale tale) {
    tale.play(played -> {
      if (!played.actions().drain().isEmpty()) {
        assertThat(played.seen().draining()).isEmpty();
        assertThat(played.actions().scale()).isInstanceOf(Scale.Keep.class);
      }
    });
  }

  @Property
  void isPickedUpByANewOperatorFromTheAnnotations(@ForAll Tale tale) {
    tale.play(played -> {
      var draining = played.seen().draining();
      if (!draining.isEmpty() && !played.actions().isEmpty()) {
        var history =
            History.resumed(
                played.decision().report().figures().bytesPerConnection(),
                played.decision().report().connectionLimit(),
                Map.of());
        Decision anew = Round.decide(played.policy(), played.seen(), history, played.fleet().now);
        assertThat(anew.actions().drain()).isEmpty();
        if (anew.actions().scale() instanceof Scale.Remove(int _, var pods)) {
          assertThat(pods).isEqualTo(names(draining));
        }
        // that a pod has long held nobody is what a new operator has to wait for;
        // where the clock went back, a new operator can't know how long a pod has drained
        boolean onwards =
            tale.chapters().stream().noneMatch(each -> each.mishap() == Tale.Mishap.CLOCK_BACK);
        boolean known =
            played.seen().pods().stream()
                .allMatch(
                    pod -> pod.occupancy() == Pod.Occupancy.OCCUPIED || pod.marks().draining());
        // one that knows less of limits may take pods for nearly full, and waits a minute then
        boolean calm = anew.history().panicUntil().isEmpty();
        if (played.removes()
            && onwards
            && known
            && calm
            && anew.report().desiredReplicas() <= to(played)) {
          assertThat(anew.actions().scale())
              .as(anew.report().reason())
              .isEqualTo(played.actions().scale());
        }
      }
    });
  }

  private static int to(Played played) {
    return played.actions().scale() instanceof Scale.Remove(int to, var _) ? to : Integer.MAX_VALUE;
  }

  @Property
  void respectsPodDisruptionBudgets(@ForAll Tale tale) {
    tale.play(played -> {
      int allowed = played.seen().workload().disruptionsAllowed().orElse(Integer.MAX_VALUE);
      assertThat(played.seen().serving())
          .filteredOn(pod -> played.actions().drain().contains(pod.name()))
          .hasSizeLessThanOrEqualTo(allowed);
    });
  }

  @Property
  void waitsForARollout(@ForAll Tale tale) {
    tale.play(played -> {
      if (played.seen().workload().rolling()) {
        assertThat(played.shrinks()).isFalse();
      }
    });
  }

  @Property
  void waitsForPodsThatStart(@ForAll Tale tale) {
    tale.play(played -> {
      if (played.seen().starting().stream().anyMatch(played::alive)) {
        assertThat(played.shrinks()).isFalse();
      }
    });
  }

  @Property
  void choosesNoPodWithinAMinuteOfPanic(@ForAll Tale tale) {
    var alarms = new Alarms();
    tale.play(played -> {
      if (alarms.withinAMinute(played)) {
        assertThat(played.actions().drain()).isEmpty();
      }
    });
  }

  /** What the clients of that minute ask for, the refused ones too, the others have room for. */
  @Property
  void removesNoPodInPanicThatIsWanted(@ForAll Tale tale) {
    var alarms = new Alarms();
    tale.play(played -> {
      if (alarms.withinAMinute(played)
          && played.actions().scale() instanceof Scale.Remove(int to, var _)) {
        int active = played.decision().report().figures().activeConnections();
        double refused = played.decision().history().refused();
        int room =
            pods(played, name -> !names(played.seen().draining()).contains(name))
                .mapToInt(pod -> capacity(played, pod))
                .sum();
        boolean enough = to >= played.policy().maxReplicas();
        assertThat(enough || active + refused <= room)
            .as(played.decision().report().reason())
            .isTrue();
      }
    });
  }

  /** When clients were last refused, or nearly, as far as the operator that acts has seen it. */
  private static final class Alarms {
    private final IdentityHashMap<History, Instant> last = new IdentityHashMap<>();

    boolean withinAMinute(Played played) {
      Instant now = played.decision().history().at().orElseThrow();
      Instant before = last.getOrDefault(played.before(), Instant.MIN);
      Instant alarm = full(played) || refuses(played, now) ? now : before;
      last.put(played.decision().history(), alarm);
      return alarm.isAfter(now.minusSeconds(60));
    }

    private static boolean full(Played played) {
      return played.decision().report().figures().saturation() * 100
          >= played.policy().connections().panicUtilization();
    }

    /** Whether a pod has refused clients since it last answered, though not for balance. */
    private static boolean refuses(Played played, Instant now) {
      return played.seen().withoutLeaving().pods().stream()
          .filter(pod -> pod.observed().isPresent())
          .anyMatch(pod -> {
            double rejected = pod.observed().get().rejected();
            return played
                .before()
                .pod(pod.name())
                .filter(known -> known.share().isEmpty())
                .filter(known -> known.life().last().map(now::isAfter).orElse(false))
                .filter(known -> rejected > known.rejected())
                .isPresent();
          });
    }
  }

  @Property
  void breaksNoConnectionThatHasTimeToEnd(@ForAll Tale tale) {
    var patient =
        new Tale(
            patient(tale.policy()),
            tale.replicas(),
            tale.cost(),
            tale.kind(),
            tale.chapters().stream()
                .filter(chapter -> chapter.mishap() != Mishap.CLOCK_AHEAD)
                .toList(),
            tale.seed());
    patient.play(played -> assertThat(played.fleet().lost).isZero());
  }

  private static Policy patient(Policy policy) {
    return new Policy(
        policy.generation(),
        policy.minReplicas(),
        policy.maxReplicas(),
        policy.mode(),
        policy.connections(),
        policy.memory(),
        policy.behavior(),
        Duration.ofHours(1),
        policy.fallback());
  }
}
