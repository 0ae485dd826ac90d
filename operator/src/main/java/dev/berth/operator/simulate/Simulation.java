package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One trace under one governor, from its beginning to its end. Owned by one thread. */
public final class Simulation {
  private final Contender contender;
  private final World world;
  private final Governor governor;
  private final int length;
  private final Consumer<World> look;
  private final List<Second> seconds = new ArrayList<>();

  private Simulation(
      Policy policy,
      Trace trace,
      Setting setting,
      Rivals rivals,
      Contender contender,
      Consumer<World> look) {
    this.contender = contender;
    this.world = new World(trace, setting, contender.server(rivals, setting));
    this.governor = contender.governor(policy, rivals, world.chance());
    this.length = (int) Math.ceil(trace.seconds());
    this.look = look;
  }

  /** Simulates. Equal arguments give equal runs. */
  public static Run run(
      Policy policy, Trace trace, Setting setting, Rivals rivals, Contender contender) {
    return run(policy, trace, setting, rivals, contender, world -> {});
  }

  /** The same; {@code look} is shown the world after each tick. */
  static Run run(
      Policy policy,
      Trace trace,
      Setting setting,
      Rivals rivals,
      Contender contender,
      Consumer<World> look) {
    return new Simulation(policy, trace, setting, rivals, contender, look).run();
  }

  private Run run() {
    Tally before = Tally.of(world.ledger());
    for (int second = 1; second <= length; second++) {
      for (int tick = 0; tick < Setting.TICKS_PER_SECOND; tick++) {
        world.tick();
        governor.tick(world);
        look.accept(world);
      }
      Tally after = Tally.of(world.ledger());
      seconds.add(second(second, before, after));
      before = after;
    }
    return new Run(contender, seconds, summary());
  }

  private Second second(int second, Tally before, Tally after) {
    List<ServerPod> pods = world.workload().pods();
    return new Second(
        second,
        (int) Math.round(world.load().connections()),
        world.active(),
        world.workload().replicas(),
        pods.size(),
        (int) pods.stream().filter(pod -> pod.routed(world.now())).count(),
        governor.limit().orElse(0),
        pods.stream().mapToInt(pod -> pod.connections.active()).max().orElse(0),
        world.highestMemory(),
        after.refused() - before.refused(),
        after.unreachable() - before.unreachable(),
        after.graceful() - before.graceful(),
        after.broken() - before.broken(),
        after.lost() - before.lost(),
        after.kills() - before.kills());
  }

  /** The ledger's counts at one time. */
  private record Tally(
      long refused, long unreachable, long graceful, long broken, long lost, int kills) {
    static Tally of(Ledger ledger) {
      return new Tally(
          ledger.refused,
          ledger.unreachable,
          ledger.graceful,
          ledger.brokenByScaleIn + ledger.brokenByKill,
          ledger.lostByTrace,
          ledger.kills);
    }
  }

  private Summary summary() {
    Ledger ledger = world.ledger();
    return new Summary(
        ledger.wantedSeconds == 0 ? 1 : ledger.servedSeconds / ledger.wantedSeconds,
        ledger.refused,
        ledger.unreachable,
        ledger.graceful,
        ledger.brokenByScaleIn,
        ledger.brokenByKill,
        ledger.lostByTrace,
        ledger.kills,
        ledger.podSeconds / 3600,
        turns(),
        seconds.stream().mapToInt(Second::replicas).max().orElse(0));
  }

  private int turns() {
    int turns = 0;
    int last = 0;
    for (int i = 1; i < seconds.size(); i++) {
      int way = Integer.signum(seconds.get(i).replicas() - seconds.get(i - 1).replicas());
      if (way != 0) {
        turns += last != 0 && way != last ? 1 : 0;
        last = way;
      }
    }
    return turns;
  }
}
