package dev.berth.operator.simulate;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.decide.Workload;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Berth's control loop: the decisions are those it takes on a cluster; only how pods are seen and
 * how decisions are carried out is the world's.
 */
final class Berth implements Governor {
  private static final int LEAST_PROJECTION = 2;
  private static final int LONGEST_PROJECTION = 10;

  private final Policy policy;
  private History history = History.NONE;
  private OptionalInt limit = OptionalInt.empty();
  private double trust;

  Berth(Policy policy) {
    this.policy = policy;
  }

  @Override
  public void tick(World world) {
    if (world.now() % Setting.TICKS_PER_SECOND != 0) {
      return;
    }
    Instant now = world.instant();
    Decision decision = Round.decide(policy, look(world), history, now);
    history = decision.history();
    limit = decision.report().connectionLimit();
    trust = decision.report().figures().trust();
    apply(decision.actions(), world, now);
  }

  @Override
  public OptionalInt limit() {
    return limit;
  }

  /** How far it has learned what a connection costs, 0 to 1. */
  double trust() {
    return trust;
  }

  private static Observation look(World world) {
    var pods = world.workload().staying().map(pod -> seen(pod, world)).toList();
    int replicas = world.workload().replicas();
    return new Observation(
        new Workload(
            replicas,
            pods.size() != replicas,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty()),
        pods);
  }

  private static Pod seen(ServerPod pod, World world) {
    return new Pod(
        pod.name,
        "template",
        pod.ready(),
        new Pod.Marks(pod.limitMark.told(), pod.generation, drain(pod), pod.leaveMark.told()),
        OptionalLong.of(world.setting().memory()),
        pod.killed(),
        state(pod, world));
  }

  private static Pod.Drain drain(ServerPod pod) {
    return pod.drainMark
        .told()
        .<Pod.Drain>map(
            since -> new Pod.Drain.ByOperator(since, pod.deletionCost == Integer.MIN_VALUE))
        .orElseGet(Pod.Drain.None::new);
  }

  private static Pod.State state(ServerPod pod, World world) {
    boolean marked = pod.drainMark.told().isPresent();
    boolean answers = world.answers(pod);
    if (answers && (pod.ready() || pod.drains() || marked || pod.connections.active() > 0)) {
      return new Pod.Observed(
          pod.connections.active(),
          pod.connections.waitingForRequest(world.setting().askTicks()),
          0,
          OptionalInt.of(pod.limit()),
          pod.drains(),
          pod.refused(),
          pod.memory.workingSet(),
          OptionalLong.of(pod.memory.live()),
          0);
    }
    if (pod.restarts() > 0 && !pod.ready()) {
      return new Pod.Missing("its container restarted");
    }
    return pod.ready() || marked
        ? new Pod.Missing("no answer in 500 ms")
        : new Pod.Starting(Pod.Occupancy.OCCUPIED);
  }

  private void apply(Actions actions, World world, Instant now) {
    world.workload().staying().forEach(pod -> mark(pod, actions, world, now));
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up(int to) -> world.workload().scale(to);
      case Scale.Remove(int to, Set<String> leaving) -> {
        world
            .workload()
            .staying()
            .filter(pod -> leaving.contains(pod.name))
            .forEach(pod -> pod.deletionCost = Integer.MIN_VALUE);
        world.workload().scale(to);
      }
    }
  }

  private void mark(ServerPod pod, Actions actions, World world, Instant now) {
    Integer decided = actions.limits().get(pod.name);
    if (decided != null) {
      pod.limitMark.tell(OptionalInt.of(decided), projected(world));
      pod.generation = policy.generation();
    }
    if (actions.leave().contains(pod.name)) {
      pod.leaveMark.tell(true, projected(world));
    }
    if (actions.stay().contains(pod.name)) {
      pod.leaveMark.tell(false, projected(world));
    }
    if (actions.undrain().contains(pod.name)) {
      pod.drainMark.tell(Optional.empty(), projected(world));
      pod.deletionCost = 0;
    }
    if (actions.drain().contains(pod.name)) {
      pod.drainMark.tell(Optional.of(now), projected(world));
    }
  }

  /** When the kubelet will have put what is written now into the pod's file. */
  private static long projected(World world) {
    return world.now() + world.chance().between(LEAST_PROJECTION, LONGEST_PROJECTION);
  }
}
