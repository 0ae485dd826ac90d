package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Scale;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A workload in memory that carries out decisions as a cluster would: pods take seconds to start,
 * take connections up to their limit, hold memory that stays after load, drain when marked, and are
 * removed by the workload's own order.
 *
 * <p>It keeps account of what must never happen: connections lost by a removal, kills for memory.
 */
final class Fleet {

  static final long BASE = 48L << 20;
  static final int START_SECONDS = 3;

  final List<SimulatedPod> pods = new ArrayList<>();
  final RandomGenerator chance;
  final long cost;
  Policy policy;

  /** Bytes that a pod may use. */
  long memory = 128L << 20;

  History history = History.NONE;

  /** Seconds from its making until a pod serves. */
  int startSeconds = START_SECONDS;

  /** What is seen, for good, of pods that are made from now on; absent where they come. */
  Optional<Pod.State> made = Optional.empty();

  /** Connections that pods ended since they had more than their limit. */
  int shed;

  /** Clients that may wait at a full pod. */
  int queue;

  /** Whether pods have a memory limit, beyond which they are killed. */
  boolean limited = true;

  /** Whether pods tell how many bytes they need. */
  boolean tellsLive = true;

  /** Bytes that a process needs without connections. */
  long base = BASE;

  /** Bytes that a pod holds beyond what its process needs. */
  long overhead;

  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Workload.Removal removal = Workload.Removal.CHEAPEST_FIRST;
  Optional<String> conflict = Optional.empty();
  Optional<String> paused = Optional.empty();
  OptionalInt budget = OptionalInt.empty();
  boolean rollout;
  int replicas;
  int wanted;
  int lost;
  int killed;
  int rejected;
  int named;
  Decision last;

  Fleet(Policy policy, int replicas, long cost, RandomGenerator chance) {
    this.policy = policy;
    this.replicas = replicas;
    this.cost = cost;
    this.chance = chance;
    resize();
    for (SimulatedPod pod : pods) {
      pod.age = 1_000;
      pod.ready = true;
      pod.serves = true;
    }
    last = Round.decide(policy, observe(), history, now);
  }

  /** One second: clients come and go, the loop decides, the cluster carries out. */
  Decision second(int connectionsWanted) {
    return second(connectionsWanted, seen -> {});
  }

  /** The same; {@code look} is shown what the loop sees. */
  Decision second(int connectionsWanted, Consumer<Observation> look) {
    now = now.plusSeconds(1);
    wanted = connectionsWanted;
    pods.forEach(SimulatedPod::grow);
    clients();
    if (limited) {
      pods.stream().filter(pod -> pod.workingSet() > pod.mayUse()).forEach(this::kill);
    }
    Observation seen = observe();
    look.accept(seen);
    last = Round.decide(policy, seen, history, now);
    history = last.history();
    apply(last.actions());
    return last;
  }

  Decision seconds(int count, int connectionsWanted) {
    for (int i = 0; i < count; i++) {
      second(connectionsWanted);
    }
    return last;
  }

  int active() {
    return pods.stream().mapToInt(pod -> pod.active).sum();
  }

  SimulatedPod pod(String name) {
    return pods.stream().filter(pod -> pod.name.equals(name)).findFirst().orElseThrow();
  }

  private void clients() {
    for (SimulatedPod pod : pods) {
      if (pod.drains()) {
        pod.active -= Math.clamp(pod.active - pod.busy, 0, 1 + pod.active / 5);
      }
      pod.shed();
      if (queue > 0) {
        pod.waiting = 0;
      }
    }
    while (active() > wanted) {
      var open = pods.stream().filter(pod -> pod.active > 0).toList();
      open.get(chance.nextInt(open.size())).active--;
    }
    var ready = pods.stream().filter(SimulatedPod::inRotation).toList();
    for (int missing = wanted - active(); missing > 0 && !ready.isEmpty(); missing--) {
      SimulatedPod pod = ready.get(chance.nextInt(ready.size()));
      if (pod.active < pod.limit) {
        pod.active++;
      } else if (pod.waiting < queue) {
        pod.waiting++;
      } else {
        pod.rejected++;
        rejected++;
      }
    }
    pods.forEach(pod -> pod.peak = Math.max(pod.peak, pod.active));
  }

  void kill(SimulatedPod pod) {
    killed++;
    pod.active = 0;
    pod.peak = 0;
    pod.age = 0;
    pod.rejected = 0;
    pod.outOfMemory = Optional.of(now);
  }

  /** Another process goes on from what the status tells. */
  void restartOperator() {
    var episodes = new EnumMap<Condition.Type, Episode>(Condition.Type.class);
    for (Condition each : last.report().conditions()) {
      boolean holds =
          switch (each.type()) {
            case PRESSURE, CONFLICT -> each.state() == Condition.State.TRUE;
            case METRICS_AVAILABLE -> each.state() == Condition.State.FALSE;
            case READY, ABLE_TO_SCALE, SCALING_LIMITED -> false;
          };
      if (holds) {
        episodes.put(each.type(), Episode.resumed(now));
      }
    }
    history =
        History.resumed(
            last.report().figures().bytesPerConnection(),
            last.report().connectionLimit(),
            episodes);
  }

  /** Somebody edits the policy, which has another generation from then on. */
  void edit(Policy edited) {
    policy = Policies.generation(edited, policy.generation() + 1);
  }

  /** Somebody sets the replicas; what that breaks is not the loop's doing. */
  void scaleByHand(int to) {
    int before = lost;
    replicas = to;
    resize();
    lost = before;
  }

  Observation observe() {
    boolean rolling = rollout || pods.size() != replicas;
    var governor = conflict.map(sentence -> new Workload.Conflict(sentence, false));
    return new Observation(
        new Workload(replicas, rolling, removal, budget, governor, paused),
        pods.stream().map(SimulatedPod::seen).toList());
  }

  private void apply(Decision.Actions actions) {
    actions.limits().forEach((name, limit) -> pod(name).tell(limit));
    actions.leave().forEach(name -> pod(name).mayLeave = true);
    actions.stay().forEach(name -> pod(name).mayLeave = false);
    actions.undrain().forEach(name -> pod(name).undrain());
    actions.drain().forEach(name -> pod(name).draining = Optional.of(now));
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up(int to) -> replicas = to;
      case Scale.Remove(int to, var leaving) -> {
        replicas = to;
        leaving.forEach(name -> pod(name).deletionCost = -1);
      }
    }
    resize();
  }

  private void resize() {
    Comparator<SimulatedPod> lastFirst =
        Comparator.comparingInt((SimulatedPod pod) -> pod.ordinal).reversed();
    Comparator<SimulatedPod> order =
        removal.byOrdinal()
            ? lastFirst
            : Comparator.comparing((SimulatedPod pod) -> pod.ready)
                .thenComparingInt(pod -> pod.deletionCost)
                .thenComparing(lastFirst);
    while (pods.size() > replicas) {
      SimulatedPod gone = pods.stream().min(order).orElseThrow();
      lost += gone.active;
      pods.remove(gone);
    }
    while (pods.size() < replicas) {
      int ordinal =
          removal == Workload.Removal.CHEAPEST_FIRST
              ? named++
              : pods.stream().mapToInt(pod -> pod.ordinal).max().orElse(-1) + 1;
      pods.add(new SimulatedPod("chat-" + ordinal, ordinal));
    }
  }

  /** A pod: what it is, and what is written on it. */
  final class SimulatedPod {
    final String name;
    final int ordinal;
    final Map<String, Integer> marks = new LinkedHashMap<>();
    Optional<Pod.State> forGood = made;

    /** Bytes that it may use, where those are others than the fleet's. */
    OptionalLong memory = OptionalLong.empty();

    /** Bytes that it has lost, with or without connections. */
    long leaked;

    int age;
    int active;
    int peak;
    int limit = 600;
    int bound = Integer.MAX_VALUE;
    long generation;
    int deletionCost;
    int waiting;

    /** Connections of it that would be broken if they ended. */
    int busy;

    double rejected;
    boolean answers = true;
    String template = "t1";
    boolean mayLeave;
    boolean full;

    /** What its probe last found, and what it finds next. */
    boolean ready;

    boolean serves;
    Optional<Instant> draining = Optional.empty();
    boolean drainedByHand;
    Optional<Instant> outOfMemory = Optional.empty();

    SimulatedPod(String name, int ordinal) {
      this.name = name;
      this.ordinal = ordinal;
    }

    /** Ends idle connections beyond the limit, a few at a time. */
    void shed() {
      int excess = Math.max(0, Math.min(Math.min(active - limit, 20), active - busy));
      active -= excess;
      shed += excess;
    }

    /** A second later, a probe that takes as long. */
    void grow() {
      age++;
      ready = serves && started();
      serves = started() && !drains() && !(mayLeave && full);
    }

    boolean drains() {
      return draining.isPresent() || drainedByHand;
    }

    void undrain() {
      draining = Optional.empty();
      drainedByHand = false;
      deletionCost = 0;
    }

    boolean started() {
      return age >= startSeconds && forGood.isEmpty();
    }

    /** Whether new connections are sent to it. */
    boolean inRotation() {
      full = active >= (full ? 0.85 : 0.95) * limit;
      return started() && !drains() && !(mayLeave && full);
    }

    void tell(int told) {
      marks.put("limit", told);
      generation = policy.generation();
      limit = Math.min(told, bound);
    }

    /** From now on its server takes no more than {@code most}, whatever it is told. */
    void bind(int most) {
      bound = most;
      limit = Math.min(limit, most);
    }

    /** Sticky: what the most connections took stays committed. */
    long workingSet() {
      return base + leaked + overhead + peak * cost;
    }

    long mayUse() {
      return memory.orElse(Fleet.this.memory);
    }

    Pod seen() {
      var written =
          new Pod.Marks(
              marks.containsKey("limit") ? OptionalInt.of(marks.get("limit")) : OptionalInt.empty(),
              generation,
              drain(),
              mayLeave);
      OptionalLong most = limited ? OptionalLong.of(mayUse()) : OptionalLong.empty();
      return new Pod(name, template, ready, written, most, outOfMemory, state());
    }

    private static Pod.Occupancy occupancy(Pod.State state) {
      return switch (state) {
        case Pod.Observed ignored -> Pod.Occupancy.OCCUPIED;
        case Pod.Starting(var occupancy) -> occupancy;
        case Pod.Missing(String ignored, var occupancy) -> occupancy;
      };
    }

    private Pod.Drain drain() {
      return draining
          .<Pod.Drain>map(since -> new Pod.Drain.ByOperator(since, deletionCost < 0))
          .orElseGet(() -> drainedByHand ? new Pod.Drain.ByHand() : new Pod.Drain.None());
    }

    private Pod.State state() {
      if (forGood.isPresent()) {
        return drains() ? new Pod.Missing("it drains", occupancy(forGood.get())) : forGood.get();
      }
      if (!started()) {
        return new Pod.Starting(Pod.Occupancy.OCCUPIED);
      }
      return answers
          ? new Pod.Observed(
              active,
              Math.max(0, active - busy),
              waiting,
              OptionalInt.of(limit),
              drains(),
              rejected,
              workingSet(),
              tellsLive ? OptionalLong.of(base + leaked + active * cost) : OptionalLong.empty(),
              0)
          : new Pod.Missing("no answer in 500 ms");
    }
  }
}
