package dev.berth.operator.decide;

import dev.berth.operator.decide.Behavior.Rate;
import dev.berth.operator.decide.Behavior.Rules;
import dev.berth.operator.decide.Behavior.Select;
import dev.berth.operator.decide.Behavior.Unit;
import dev.berth.operator.decide.Policy.Connections;
import dev.berth.operator.decide.Policy.Connections.WhenFull;
import dev.berth.operator.decide.Policy.Fallback;
import dev.berth.operator.decide.Policy.Memory;
import dev.berth.operator.decide.Policy.UpdateMode;
import dev.berth.operator.decide.Workload.Removal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * What befalls a fleet in some minutes: a policy, and chapters of load with a mishap each. Played,
 * the loop's actions are fed back into the fleet round by round.
 *
 * <p>Pods are of 128Mi and connections cost so much that a few dozen fill one, so that a tale is
 * quickly played.
 */
record Tale(Policy policy, int replicas, long cost, Kind kind, List<Chapter> chapters, long seed) {

  /** What a drain in progress has to heed. */
  private static final Arbitrary<Mishap> ATTENDED =
      Arbitraries.of(
          Mishap.CONFLICT,
          Mishap.PAUSED,
          Mishap.OFF,
          Mishap.LIMITS_ONLY,
          Mishap.ROLLOUT,
          Mishap.POD_SILENT,
          Mishap.SCALED_BY_HAND,
          Mishap.OPERATOR_RESTARTED);

  // Where that order isn't known, nothing is removed, and there is little to tell.
  private static final List<Removal> REMOVALS =
      List.of(
          Removal.CHEAPEST_FIRST,
          Removal.CHEAPEST_FIRST,
          Removal.CHEAPEST_FIRST,
          Removal.HIGHEST_ORDINAL_FIRST,
          Removal.HIGHEST_ORDINALS_AT_ONCE,
          Removal.HIGHEST_ORDINALS_AT_ONCE,
          Removal.UNKNOWN);

  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  /**
   * What pods are like.
   *
   * @param removal which of them go first
   * @param queue clients that may wait at a full one
   * @param limited whether they have a memory limit
   * @param tellsLive whether they tell how many bytes they need
   */
  record Kind(Removal removal, int queue, boolean limited, boolean tellsLive) {
    /** Pods without a queue, which tell all. */
    static Kind of(Removal removal) {
      return new Kind(removal, 0, true, true);
    }
  }

  /** So many connections are wanted for so many seconds, after something happened. */
  record Chapter(int connections, int seconds, Mishap mishap) {}

  /** What happens at the beginning of a chapter. */
  enum Mishap {
    NONE,
    POD_SILENT,
    PODS_ANSWER,
    ALL_SILENT,
    POD_KILLED_FOR_MEMORY,
    POD_RESTARTED,
    MEMORY_GIVEN_BACK,
    POD_BUSY,
    PODS_BUSY,
    POD_DRAINED_BY_HAND,
    PODS_DRAINED_BY_HAND_NO_MORE,
    OPERATOR_RESTARTED,
    OPERATOR_OVERTAKEN,
    CLOCK_BACK,
    CLOCK_AHEAD,
    SCALED_BY_HAND,
    SCALED_TO_ZERO,
    PAUSED,
    CONFLICT,
    FREE,
    NEW_PODS_CRASH,
    NEW_PODS_NEVER_START,
    NEW_PODS_NEVER_READY,
    NEW_PODS_COME,
    ROLLOUT,
    ROLLED_OUT,
    BUDGET_OF_ONE,
    BUDGET_OF_NONE,
    NO_BUDGET,
    LIMITS_ONLY,
    OFF,
    AUTO,
    HIGHER_BOUNDS,
    LOWER_BOUNDS,
    MORE_REPLICAS,
    FEWER_REPLICAS,
    POD_BOUNDS_ITSELF;

    /** What ends it; absent for what has no end. */
    Optional<Mishap> end() {
      return switch (this) {
        case POD_SILENT, ALL_SILENT -> Optional.of(PODS_ANSWER);
        case POD_DRAINED_BY_HAND -> Optional.of(PODS_DRAINED_BY_HAND_NO_MORE);
        case PAUSED, CONFLICT -> Optional.of(FREE);
        case NEW_PODS_CRASH, NEW_PODS_NEVER_START, NEW_PODS_NEVER_READY ->
            Optional.of(NEW_PODS_COME);
        case ROLLOUT -> Optional.of(ROLLED_OUT);
        case BUDGET_OF_ONE, BUDGET_OF_NONE -> Optional.of(NO_BUDGET);
        case LIMITS_ONLY, OFF -> Optional.of(AUTO);
        case HIGHER_BOUNDS -> Optional.of(LOWER_BOUNDS);
        case FEWER_REPLICAS -> Optional.of(MORE_REPLICAS);
        case NONE,
            PODS_ANSWER,
            POD_KILLED_FOR_MEMORY,
            POD_RESTARTED,
            MEMORY_GIVEN_BACK,
            POD_BUSY,
            PODS_BUSY,
            PODS_DRAINED_BY_HAND_NO_MORE,
            OPERATOR_RESTARTED,
            OPERATOR_OVERTAKEN,
            CLOCK_BACK,
            CLOCK_AHEAD,
            SCALED_BY_HAND,
            SCALED_TO_ZERO,
            FREE,
            NEW_PODS_COME,
            ROLLED_OUT,
            NO_BUDGET,
            AUTO,
            LOWER_BOUNDS,
            MORE_REPLICAS,
            POD_BOUNDS_ITSELF ->
            Optional.empty();
      };
    }
  }

  /** One round: what was seen, remembered and decided, and the fleet after it. */
  record Played(Policy policy, Observation seen, History before, Decision decision, Fleet fleet) {
    Decision.Actions actions() {
      return decision.actions();
    }

    boolean removes() {
      return actions().scale() instanceof Decision.Scale.Remove;
    }

    /** Whether a pod may hold connections, or may yet come: it may, or it is not long known. */
    boolean alive(Pod pod) {
      var first = before.pod(pod.name()).map(known -> known.life().first());
      return pod.occupancy() == Pod.Occupancy.OCCUPIED
          || first.map(since -> !fleet.now.isAfter(since.plus(LONGEST_START))).orElse(true);
    }

    /** Whether pods are chosen for removal, or removed. */
    boolean shrinks() {
      return removes() || !actions().drain().isEmpty();
    }
  }

  void play(Consumer<Played> check) {
    var fleet = new Fleet(policy, replicas, cost, new Random(seed));
    fleet.removal = kind.removal();
    fleet.queue = kind.queue();
    fleet.limited = kind.limited();
    fleet.tellsLive = kind.tellsLive();
    for (Chapter chapter : chapters) {
      boolean overtaken = chapter.mishap() == Mishap.OPERATOR_OVERTAKEN;
      befall(fleet, chapter.mishap());
      for (int i = 0; i < chapter.seconds(); i++) {
        History before = fleet.history;
        Observation[] seen = new Observation[1];
        Decision decision = fleet.second(chapter.connections(), each -> seen[0] = each);
        check.accept(new Played(fleet.policy, seen[0], before, decision, fleet));
        if (overtaken) {
          fleet.history = before;
        }
      }
    }
  }

  private static void befall(Fleet fleet, Mishap mishap) {
    Optional<Fleet.SimulatedPod> pod =
        fleet.pods.isEmpty()
            ? Optional.empty()
            : Optional.of(fleet.pods.get(fleet.chance.nextInt(fleet.pods.size())));
    switch (mishap) {
      case NONE, OPERATOR_OVERTAKEN -> {}
      case POD_SILENT -> pod.ifPresent(each -> each.answers = false);
      case ALL_SILENT -> fleet.pods.forEach(each -> each.answers = false);
      case PODS_ANSWER -> fleet.pods.forEach(each -> each.answers = true);
      case POD_KILLED_FOR_MEMORY -> pod.ifPresent(fleet::kill);
      case POD_RESTARTED ->
          pod.ifPresent(each -> {
            each.age = 0;
            each.active = 0;
            each.peak = 0;
            each.rejected = 0;
          });
      case MEMORY_GIVEN_BACK -> fleet.pods.forEach(each -> each.peak = each.active);
      case POD_BUSY -> pod.ifPresent(each -> each.busy = each.active);
      case PODS_BUSY -> fleet.pods.forEach(each -> each.busy = each.active);
      case POD_DRAINED_BY_HAND ->
          pod.filter(each -> each.draining.isEmpty()).ifPresent(each -> each.drainedByHand = true);
      case PODS_DRAINED_BY_HAND_NO_MORE -> fleet.pods.forEach(each -> each.drainedByHand = false);
      case OPERATOR_RESTARTED -> fleet.restartOperator();
      case CLOCK_BACK -> fleet.now = fleet.now.minusSeconds(90);
      case CLOCK_AHEAD -> fleet.now = fleet.now.plusSeconds(330);
      case SCALED_BY_HAND -> fleet.scaleByHand(1 + fleet.chance.nextInt(12));
      case SCALED_TO_ZERO -> fleet.scaleByHand(0);
      case PAUSED -> fleet.paused = Optional.of("paused by hand");
      case CONFLICT -> fleet.conflict = Optional.of("HorizontalPodAutoscaler chat scales it too");
      case FREE -> {
        fleet.paused = Optional.empty();
        fleet.conflict = Optional.empty();
      }
      case NEW_PODS_CRASH ->
          fleet.made = Optional.of(new Pod.Missing("ImagePullBackOff", Pod.Occupancy.NOT_RUNNING));
      case NEW_PODS_NEVER_START ->
          fleet.made = Optional.of(new Pod.Starting(Pod.Occupancy.NOT_RUNNING));
      case NEW_PODS_NEVER_READY -> fleet.made = Optional.of(new Pod.Starting(Pod.Occupancy.EMPTY));
      case NEW_PODS_COME -> fleet.made = Optional.empty();
      case ROLLOUT -> fleet.rollout = true;
      case ROLLED_OUT -> fleet.rollout = false;
      case BUDGET_OF_ONE -> fleet.budget = OptionalInt.of(1);
      case BUDGET_OF_NONE -> fleet.budget = OptionalInt.of(0);
      case NO_BUDGET -> fleet.budget = OptionalInt.empty();
      case LIMITS_ONLY -> fleet.edit(Policies.mode(fleet.policy, UpdateMode.LIMITS_ONLY));
      case OFF -> fleet.edit(Policies.mode(fleet.policy, UpdateMode.OFF));
      case AUTO -> fleet.edit(Policies.mode(fleet.policy, UpdateMode.AUTO));
      case HIGHER_BOUNDS -> fleet.edit(bounds(fleet.policy, 2.5));
      case LOWER_BOUNDS -> fleet.edit(bounds(fleet.policy, 0.4));
      case MORE_REPLICAS -> fleet.edit(replicas(fleet.policy, 2));
      case FEWER_REPLICAS -> fleet.edit(replicas(fleet.policy, -2));
      case POD_BOUNDS_ITSELF ->
          pod.filter(each -> each.marks.containsKey("limit"))
              .ifPresent(each -> each.bind(1 + each.limit / 2));
    }
  }

  /** The policy as somebody edits it, with other bounds of a pod's limit. */
  private static Policy bounds(Policy policy, double times) {
    Connections before = policy.connections();
    return Policies.with(
        policy,
        new Connections(
            (int) Math.ceil(times * before.minLimit()),
            (int) Math.ceil(times * before.maxLimit()),
            before.targetUtilization(),
            before.panicUtilization(),
            before.maxSkew(),
            before.whenFull()));
  }

  /** The policy as somebody edits it, with so many pods more at least and at most. */
  private static Policy replicas(Policy policy, int more) {
    return Policies.with(
        policy,
        policy.mode(),
        Math.max(1, policy.minReplicas() + more),
        Math.max(1, policy.maxReplicas() + more),
        policy.behavior());
  }

  /** What belongs together: a chapter, a mishap and its end, or an ebb that has pods drained. */
  private static Arbitrary<List<Chapter>> scenes() {
    var nothing = Arbitraries.just(Mishap.NONE);
    var mishaps = Arbitraries.of(Mishap.class);
    var ending = mishaps.filter(mishap -> mishap.end().isPresent());
    var chapter = chapter(Arbitraries.oneOf(nothing, mishaps), 1, 25);
    var mended =
        Combinators.combine(chapter(ending, 1, 25), chapter(nothing, 1, 25))
            .flatAs((begun, between) ->
                chapter(Arbitraries.just(begun.mishap().end().orElseThrow()), 1, 60)
                    .map(ended -> List.of(begun, between, ended)));
    var ebb =
        Combinators.combine(
                Arbitraries.integers().between(10, 50),
                Arbitraries.oneOf(
                    Arbitraries.integers().between(3, 15),
                    Arbitraries.integers().between(64, 90),
                    Arbitraries.integers().between(64, 90)),
                Arbitraries.frequency(
                    Tuple.of(10, Mishap.PODS_BUSY),
                    Tuple.of(3, Mishap.MEMORY_GIVEN_BACK),
                    Tuple.of(1, Mishap.BUDGET_OF_NONE)))
            .as(Chapter::new);
    var flood =
        Combinators.combine(
                Arbitraries.integers().between(100, 250), Arbitraries.integers().between(1, 15))
            .as((connections, seconds) -> new Chapter(connections, seconds, Mishap.NONE));
    return Arbitraries.frequencyOf(
        Tuple.of(4, chapter.map(List::of)),
        Tuple.of(2, mended),
        Tuple.of(8, Combinators.combine(ebb, chapter(ATTENDED, 1, 25)).as(List::of)),
        Tuple.of(2, Combinators.combine(ebb, flood).as(List::of)));
  }

  private static Arbitrary<Chapter> chapter(Arbitrary<Mishap> mishaps, int shortest, int longest) {
    return Combinators.combine(
            Arbitraries.integers().between(0, 250),
            Arbitraries.integers().between(shortest, longest),
            mishaps)
        .as(Chapter::new);
  }

  private static Arbitrary<Rules> rules(int longest) {
    var rate =
        Combinators.combine(
                Arbitraries.of(Unit.class),
                Arbitraries.integers().between(1, 100),
                Arbitraries.integers().between(1, 30).map(Duration::ofSeconds))
            .as(Rate::new);
    return Combinators.combine(
            Arbitraries.integers().between(0, longest).map(Duration::ofSeconds),
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Select.MAX)),
                Tuple.of(3, Arbitraries.just(Select.MIN)),
                Tuple.of(1, Arbitraries.just(Select.DISABLED))),
            rate.list().ofMaxSize(2),
            Arbitraries.of(0.0, 0.1, 0.3))
        .as(Rules::new);
  }

  private static Arbitrary<Policy> policies() {
    var connections =
        Combinators.combine(
                Arbitraries.integers().between(1, 10),
                Arbitraries.integers().between(0, 90),
                Arbitraries.integers().between(40, 80),
                Arbitraries.integers().between(0, 20),
                Arbitraries.of(1.1, 1.5, 2.0, 1000.0),
                Arbitraries.of(
                    WhenFull.LEAVE_ROTATION, WhenFull.LEAVE_ROTATION, WhenFull.STAY_IN_ROTATION))
            .as((least, more, target, above, skew, full) ->
                new Connections(least, least + more, target, target + above, skew, full));
    var memory =
        Combinators.combine(
                Arbitraries.integers().between(50, 85), Arbitraries.integers().between(1, 10))
            .as((target, above) -> new Memory(target, target + above));
    var drainSeconds =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(0)), Tuple.of(6, Arbitraries.integers().between(5, 120)));
    return Combinators.combine(
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(0, 8),
            connections,
            memory,
            Combinators.combine(rules(5), rules(10)).as(Behavior::new),
            drainSeconds,
            Combinators.combine(
                    Arbitraries.integers().between(1, 5),
                    Arbitraries.integers().between(0, 12).optional())
                .as(Fallback::new))
        .as((min, more, bounds, share, behavior, drain, fallback) ->
            new Policy(
                1,
                min,
                min + more,
                UpdateMode.AUTO,
                bounds,
                share,
                behavior,
                Duration.ofSeconds(drain),
                fallback));
  }

  private static Arbitrary<Kind> kinds() {
    return Combinators.combine(
            Arbitraries.of(REMOVALS),
            Arbitraries.of(0, 0, 1, 10),
            Arbitraries.of(true, true, true, true, true, false),
            Arbitraries.of(true, true, true, true, true, false))
        .as(Kind::new);
  }

  /** Tales for every property that takes one. */
  public static final class Provider implements ArbitraryProvider {
    @Override
    public boolean canProvideFor(TypeUsage wanted) {
      return wanted.isOfType(Tale.class);
    }

    @Override
    public java.util.Set<Arbitrary<?>> provideFor(TypeUsage wanted, SubtypeProvider others) {
      return java.util.Set.of(
          Combinators.combine(
                  policies(),
                  Arbitraries.integers().between(1, 8),
                  Arbitraries.longs().between(200 << 10, 3 << 20),
                  kinds(),
                  scenes()
                      .list()
                      .ofMinSize(1)
                      .ofMaxSize(8)
                      .map(scenes -> scenes.stream().flatMap(List::stream).toList()),
                  Arbitraries.longs().between(0, 1_000_000))
              .as(Tale::new));
    }
  }
}
