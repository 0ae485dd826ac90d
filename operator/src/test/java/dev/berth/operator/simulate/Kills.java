package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;
import dev.berth.operator.simulate.Trace.Mishap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks who is killed for memory though the loop could have prevented it: what a connection costs
 * had been learned for as long as a level of load is averaged, the pod hadn't leaked while it
 * couldn't be seen, and with no more than the policy's least limit it would have been below
 * pressure.
 */
final class Kills {
  private static final int LEARNED_TICKS = 20 * Setting.TICKS_PER_SECOND;

  private final Policy policy;
  private final Setting setting;
  private final TracePlayer trace;
  private final Map<String, Container> containers = new HashMap<>();
  private final List<String> preventable = new ArrayList<>();
  private int learned;

  Kills(Policy policy, Trace trace, Setting setting) {
    this.policy = policy;
    this.setting = setting;
    this.trace = new TracePlayer(trace);
  }

  /**
   * A pod's container in the tick before.
   *
   * @param bare bytes that it holds without connections
   * @param unseen whether it has leaked while it couldn't be seen
   */
  private record Container(int restarts, double bare, boolean unseen) {
    static final Container NEW = new Container(0, 0, false);
  }

  /** After each tick. */
  void look(World world, double trust) {
    trace.moveTo(world.second());
    Mishap mishap = trace.mishap();
    boolean known = learned >= LEARNED_TICKS;
    learned = trust < 1 ? 0 : learned + 1;
    List<ServerPod> pods = world.workload().pods();
    for (int i = 0; i < pods.size(); i++) {
      ServerPod pod = pods.get(i);
      boolean first = i == 0;
      var before = containers.getOrDefault(pod.name, Container.NEW);
      boolean killed = before.restarts() < pod.restarts();
      if (killed && known && !before.unseen() && servable(before, world)) {
        preventable.add("%s at %.1f s".formatted(pod.name, world.second()));
      }
      double leak = mishap.leak(first);
      double cost = world.load().cost() * mishap.cost(first);
      boolean unseen = !killed && before.unseen();
      containers.put(
          pod.name,
          new Container(
              pod.restarts(),
              pod.memory.workingSet() - pod.connections.active() * cost,
              unseen || (leak > 0 && pod.running() && !world.answers(pod))));
    }
  }

  private boolean servable(Container before, World world) {
    double least = before.bare() + policy.connections().minLimit() * world.load().cost();
    return least < policy.memory().pressureUtilization() / 100.0 * setting.memory();
  }

  List<String> preventable() {
    return preventable;
  }
}
