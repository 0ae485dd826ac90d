package dev.berth.operator.decide;

import dev.berth.operator.decide.Behavior.Rate;
import dev.berth.operator.decide.Behavior.Rules;
import dev.berth.operator.decide.Behavior.Select;
import dev.berth.operator.decide.Behavior.Unit;
import dev.berth.operator.decide.Policy.Connections;
import dev.berth.operator.decide.Policy.Fallback;
import dev.berth.operator.decide.Policy.Memory;
import dev.berth.operator.decide.Policy.UpdateMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * What befalls a fleet in some minutes: a policy, and chapters of load with a mishap each. Played,
 * the loop's actions are fed back into the fleet round by round.
 *
 * <p>Pods are of 128Mi and connections cost so much that a few dozen fill one, so that a tale is
 * quickly played.
 */
record Tale(
    Policy policy,
    int replicas,
    long cost,
    Workload.Removal removal,
    List<Chapter> chapters,
    long seed) {

  private static final Duration LONGEST_START = Duration.ofMinutes(5);

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
    POD_BUSY,
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
    LIMITS_ONLY,
    OFF,
    AUTO,
    HIGHER_BOUNDS,
    LOWER_BOUNDS,
    MORE_REPLICAS,
    FEWER_REPLICAS,
    POD_BOUNDS_ITSELF
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
    fleet.removal = removal;
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
            each.rejected = 0;
          });
      case POD_BUSY -> pod.ifPresent(each -> each.busy = each.active);
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
      case LIMITS_ONLY -> fleet.policy = Policies.mode(fleet.policy, UpdateMode.LIMITS_ONLY);
      case OFF -> fleet.policy = Policies.mode(fleet.policy, UpdateMode.OFF);
      case AUTO -> fleet.policy = Policies.mode(fleet.policy, UpdateMode.AUTO);
      case HIGHER_BOUNDS -> fleet.policy = bounds(fleet.policy, 2.5);
      case LOWER_BOUNDS -> fleet.policy = bounds(fleet.policy, 0.4);
      case MORE_REPLICAS -> fleet.policy = replicas(fleet.policy, 2);
      case FEWER_REPLICAS -> fleet.policy = replicas(fleet.policy, -2);
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
            before.maxSkew()));
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

  private static Arbitrary<Chapter> chapter() {
    var mishaps = Arbitraries.oneOf(Arbitraries.just(Mishap.NONE), Arbitraries.of(Mishap.class));
    return Combinators.combine(
            Arbitraries.integers().between(0, 250), Arbitraries.integers().between(1, 25), mishaps)
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
                net.jqwik.api.Tuple.of(6, Arbitraries.just(Select.MAX)),
                net.jqwik.api.Tuple.of(3, Arbitraries.just(Select.MIN)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Select.DISABLED))),
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
                Arbitraries.of(1.1, 1.5, 2.0, 1000.0))
            .as((least, more, target, above, skew) ->
                new Connections(least, least + more, target, target + above, skew));
    return Combinators.combine(
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(0, 8),
            connections,
            rules(5),
            rules(10),
            Arbitraries.integers().between(5, 60),
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(0, 12).optional())
        .as((min, more, bounds, up, down, drain, threshold, fallback) ->
            new Policy(
                1,
                min,
                min + more,
                UpdateMode.AUTO,
                bounds,
                new Memory(75, 90),
                new Behavior(up, down),
                Duration.ofSeconds(drain),
                new Fallback(threshold, fallback)));
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
                  Arbitraries.of(Workload.Removal.class),
                  chapter().list().ofMinSize(1).ofMaxSize(8),
                  Arbitraries.longs().between(0, 1_000_000))
              .as(Tale::new));
    }
  }
}
