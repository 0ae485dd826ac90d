package dev.berth.operator.simulate;

import dev.berth.operator.simulate.Setting.Server;
import dev.berth.operator.simulate.Trace.Load;
import dev.berth.operator.simulate.Trace.Mishap;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Clients, pods and what is between them, a tenth of a second at a time. Owned by one thread.
 *
 * <p>A new connection goes to a ready pod by chance, as kube-proxy sends it, and stays there.
 */
final class World {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Setting setting;
  private final TracePlayer trace;
  private final Chance chance;
  private final ReplicaSet pods;
  private final Clients clients;
  private final Ledger ledger = new Ledger();
  private long now;
  private Load load;
  private Mishap mishap;

  World(Trace trace, Setting setting, Server server) {
    this.setting = setting;
    this.trace = new TracePlayer(trace);
    this.chance = new Chance(setting.seed());
    this.pods = new ReplicaSet(setting, server, chance);
    this.clients = new Clients(setting.retryTicks(), chance);
    this.load = this.trace.load(0);
    this.mishap = this.trace.mishap();
  }

  /** One tick: the trace, the pods, the clients, memory, the workload's controller. */
  void tick() {
    now++;
    trace.moveTo(second());
    load = trace.load(second());
    mishap = trace.mishap();
    killByTrace(trace.killed());
    pods.pods().forEach(this::live);
    comeAndGo();
    pods.pods().forEach(this::remember);
    pods.tick(now);
    account();
  }

  private void killByTrace(int count) {
    for (int i = 0; i < count; i++) {
      List<ServerPod> left = pods.pods().stream().filter(pod -> !pod.gone()).toList();
      if (!left.isEmpty()) {
        int lost = left.get(chance.below(left.size())).vanish();
        ledger.lostByTrace += lost;
        clients.comeBack(lost, now);
      }
    }
  }

  private void live(ServerPod pod) {
    Endings endings = pod.tick(now, load.churn());
    ledger.graceful += endings.graceful();
    ledger.brokenByScaleIn += endings.broken();
    clients.comeBack(endings.graceful() + endings.broken(), now);
  }

  private void comeAndGo() {
    int wanted = (int) Math.round(load.connections());
    int more = wanted - active() - clients.waiting();
    for (int i = more; i < 0; i++) {
      leaveOne();
    }
    int attempts = clients.due(now) + Math.max(0, more);
    var reachable = Doors.of(pods.pods(), now, mishap.hotDraw());
    for (int i = 0; i < attempts; i++) {
      attempt(reachable);
    }
  }

  private void leaveOne() {
    int at = chance.below(active() + clients.waiting());
    for (ServerPod pod : pods.pods()) {
      at -= pod.connections.active();
      if (at < 0) {
        pod.connections.closeAny(1, chance);
        return;
      }
    }
    clients.giveUp(1);
  }

  private void attempt(Doors reachable) {
    boolean asks = chance.part() < load.busy();
    var admission =
        reachable
            .choose(chance)
            .map(pod -> pod.open(now, asks))
            .orElse(ServerPod.Admission.UNREACHABLE);
    switch (admission) {
      case ADMITTED -> {}
      case ONE_ANSWER -> {
        ledger.graceful++;
        clients.comeBack(1, now);
      }
      case REFUSED -> {
        ledger.refused++;
        clients.comeBack(1, now);
      }
      case UNREACHABLE -> {
        ledger.unreachable++;
        clients.comeBack(1, now);
      }
    }
  }

  private void remember(ServerPod pod) {
    if (!pod.running()) {
      return;
    }
    boolean first = pod == pods.pods().getFirst();
    pod.memory.tick(
        pod.connections.active(),
        load.cost() * mishap.cost(first),
        mishap.leak(first) / Setting.TICKS_PER_SECOND,
        chance);
    if (pod.memory.full()) {
      int lost = pod.kill(now, instant());
      ledger.kills++;
      ledger.brokenByKill += lost;
      clients.comeBack(lost, now);
    }
  }

  private void account() {
    double wanted = Math.round(load.connections());
    ledger.wantedSeconds += wanted / Setting.TICKS_PER_SECOND;
    ledger.servedSeconds += Math.min(wanted, active()) / Setting.TICKS_PER_SECOND;
    ledger.podSeconds += pods.pods().size() / (double) Setting.TICKS_PER_SECOND;
  }

  /** Whether a pod's metrics can be read now. */
  boolean answers(ServerPod pod) {
    return pod.running() && !silent(pod);
  }

  private boolean silent(ServerPod pod) {
    if (mishap.metricsLost() <= 0) {
      return false;
    }
    List<ServerPod> all = pods.pods();
    return all.indexOf(pod) < Math.ceil(mishap.metricsLost() * all.size());
  }

  int active() {
    int active = 0;
    for (ServerPod pod : pods.pods()) {
      active += pod.connections.active();
    }
    return active;
  }

  long highestMemory() {
    return pods.pods().stream()
        .filter(ServerPod::running)
        .map(pod -> pod.memory.workingSet())
        .max(Comparator.naturalOrder())
        .orElse(0L);
  }

  Setting setting() {
    return setting;
  }

  ReplicaSet workload() {
    return pods;
  }

  Ledger ledger() {
    return ledger;
  }

  Load load() {
    return load;
  }

  Chance chance() {
    return chance;
  }

  /** Ticks since the beginning. */
  long now() {
    return now;
  }

  double second() {
    return now / (double) Setting.TICKS_PER_SECOND;
  }

  Instant instant() {
    return BEGINNING.plusMillis(now * 1000 / Setting.TICKS_PER_SECOND);
  }
}
