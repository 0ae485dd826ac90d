package dev.berth.operator.simulate;

import dev.berth.operator.simulate.Setting.Server;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pod with one server in it.
 *
 * <pre>
 *  STARTING ──start-up──► RUNNING ──out of memory──► BACKING_OFF ──its delay──► STARTING
 *                            │ told to stop: drained, or cut
 *                            ▼
 *                          GONE
 * </pre>
 *
 * Times are in ticks. Owned by the world's thread.
 */
final class ServerPod {
  private static final int DRAIN_GRACE = 30;
  private static final int DRAIN_SPREAD = 200;
  private static final int DRAIN_TIMEOUT = 250;
  private static final int SHED_ROUNDS = 50;
  private static final int PROBE = 10;
  private static final int ENDPOINTS = 3;
  private static final int CRASH_NOTICED = 8;
  private static final int CALM = 6_000;
  private static final double FULL = 0.95;
  private static final double FULL_NO_MORE = 0.85;
  private static final double MARGIN = 0.03;
  private static final int MARGIN_OPEN = 30;

  enum Life {
    STARTING,
    RUNNING,
    BACKING_OFF,
    GONE
  }

  /** What becomes of a connection that a client opens. */
  enum Admission {
    ADMITTED,
    /** Served once, and ended with that answer. */
    ONE_ANSWER,
    REFUSED,
    UNREACHABLE
  }

  final String name;
  final int ordinal;
  final Occupancy connections = new Occupancy();
  final PodMemory memory;
  final Delayed<OptionalInt> limitMark = new Delayed<>(OptionalInt.empty());
  final Delayed<Optional<Instant>> drainMark = new Delayed<>(Optional.empty());
  final Delayed<Boolean> leaveMark = new Delayed<>(false);
  private final Delayed<Boolean> routed = new Delayed<>(false);
  private final Setting setting;
  private final Server server;
  private final Chance chance;
  long generation;
  int deletionCost;
  private Life life = Life.STARTING;
  private long until;
  private long runningSince;
  private boolean ready;
  private boolean full;
  private long fullSince;
  private int most;
  private int limit;
  private double refused;
  private int crashes;
  private int restarts;
  private Optional<Instant> killed = Optional.empty();
  private OptionalLong draining = OptionalLong.empty();
  private OptionalLong leaving = OptionalLong.empty();

  ServerPod(int ordinal, Setting setting, Server server, Chance chance, long now) {
    this.name = "pod-" + ordinal;
    this.ordinal = ordinal;
    this.setting = setting;
    this.server = server;
    this.chance = chance;
    this.memory = new PodMemory(setting);
    this.until = now + startTicks();
  }

  private long startTicks() {
    return Math.round(setting.startTicks() * (0.8 + 0.4 * chance.part()));
  }

  /** Makes it as if it had started long ago. */
  void startAtOnce(long now) {
    run(now);
    routed.tell(true, now);
  }

  /** One tick of its life; how its connections ended. */
  Endings tick(long now, double churn) {
    return switch (life) {
      case STARTING -> {
        if (now >= until) {
          run(now);
        }
        yield Endings.NONE;
      }
      case BACKING_OFF -> {
        if (now >= until) {
          life = Life.STARTING;
          until = now + startTicks();
        }
        yield Endings.NONE;
      }
      case RUNNING -> serve(now, churn);
      case GONE -> Endings.NONE;
    };
  }

  private void run(long now) {
    life = Life.RUNNING;
    runningSince = now;
    refused = 0;
    limit =
        switch (server) {
          case Server.Unbounded() -> Integer.MAX_VALUE;
          case Server.Bounded(int start) -> limitMark.told().orElse(start);
        };
    memory.restart();
    ready = true;
    routed.tell(true, now + ENDPOINTS);
  }

  private Endings serve(long now, double churn) {
    if (server instanceof Server.Bounded) {
      limit = limitMark.known(now).orElse(limit);
    }
    boolean drains = leaving.isPresent() || drainMark.known(now).isPresent();
    if (!drains) {
      draining = OptionalLong.empty();
    } else if (draining.isEmpty()) {
      draining = OptionalLong.of(now);
    }
    if (!drains) {
      look(now);
    }
    probe(now, !drains && !full);
    int left = chance.successes(connections.active(), churn / Setting.TICKS_PER_SECOND);
    connections.closeAny(left, chance);
    return new Endings(left, end(now, drains), cut(now));
  }

  /** Finds out whether it is out of rotation because it is full, and may be. */
  private void look(long now) {
    boolean before = full;
    double at = connections.active() / (double) Math.max(1, limit);
    full = leaveMark.known(now) && at >= (full ? FULL_NO_MORE : FULL);
    if (full && !before) {
      fullSince = now;
      most = (int) (Math.max(limit, connections.active()) * (1 + MARGIN));
    }
  }

  /** How many it takes: some more than its limit until others know that it is full. */
  private int admits(long now) {
    look(now);
    return now - fullSince < MARGIN_OPEN ? Math.max(limit, most) : limit;
  }

  private void probe(long now, boolean serves) {
    if (ready != serves && (now + ordinal) % PROBE == 0) {
      ready = serves;
      route(now, serves && leaving.isEmpty());
    }
  }

  private void route(long now, boolean to) {
    if (routed.told() != to) {
      routed.tell(to, now + ENDPOINTS);
    }
  }

  private int end(long now, boolean drains) {
    return switch (server) {
      case Server.Unbounded() -> 0;
      case Server.Bounded ignored -> drains ? drain(now) : shed();
    };
  }

  private int drain(long now) {
    int told = connections.endAsking(Integer.MAX_VALUE, setting.askTicks(), chance);
    if (inGrace(now)) {
      return told;
    }
    long roundsLeft = Math.max(1, DRAIN_SPREAD - (now - draining.orElse(now)));
    return told + connections.closeIdle((int) Math.ceilDiv(connections.idle(), roundsLeft));
  }

  private boolean inGrace(long now) {
    return now - draining.orElse(now) < DRAIN_GRACE;
  }

  private int shed() {
    int excess = Math.max(0, connections.active() - limit);
    if (excess == 0) {
      return 0;
    }
    int closable = Math.min(excess, connections.idle());
    int closed = connections.closeIdle(Math.min(closable, Math.ceilDiv(excess, SHED_ROUNDS)));
    return closed + connections.endAsking(excess - closable, setting.askTicks(), chance);
  }

  /** Goes if it is to go and may; how many connections that cuts. */
  private int cut(long now) {
    if (leaving.isEmpty()) {
      return 0;
    }
    long since = now - leaving.getAsLong();
    boolean over =
        switch (server) {
          case Server.Unbounded() -> true;
          case Server.Bounded ignored ->
              since >= DRAIN_TIMEOUT || (since >= DRAIN_GRACE && connections.active() == 0);
        };
    if (!over) {
      return 0;
    }
    life = Life.GONE;
    return connections.closeAll();
  }

  /** A client opens a connection to it. */
  Admission open(long now, boolean asks) {
    if (life != Life.RUNNING) {
      return Admission.UNREACHABLE;
    }
    if (draining.isPresent() && !inGrace(now)) {
      return Admission.REFUSED;
    }
    if (connections.active() >= limit && connections.active() >= admits(now)) {
      refused++;
      return Admission.REFUSED;
    }
    if (draining.isPresent()) {
      return Admission.ONE_ANSWER;
    }
    connections.open(asks);
    return Admission.ADMITTED;
  }

  /** Its container is killed for memory; how many connections that breaks. */
  int kill(long now, Instant at) {
    crashes = now - runningSince >= CALM ? 1 : crashes + 1;
    restarts++;
    killed = Optional.of(at);
    ready = false;
    routed.tell(false, now + CRASH_NOTICED);
    life = leaving.isPresent() ? Life.GONE : Life.BACKING_OFF;
    until = now + backOff(crashes);
    return connections.closeAll();
  }

  /** The kubelet's CrashLoopBackOff: at once, then 10 s, twice as long each time, at most 300 s. */
  static long backOff(int crashes) {
    long seconds = crashes <= 1 ? 1 : Math.min(300, 10L << Math.min(10, crashes - 2));
    return seconds * Setting.TICKS_PER_SECOND;
  }

  /** It is gone at once, as with its node; how many connections that breaks. */
  int vanish() {
    life = Life.GONE;
    return connections.closeAll();
  }

  /** It is told to stop. */
  void leave(long now) {
    leaving = OptionalLong.of(now);
    route(now, false);
    if (life != Life.RUNNING) {
      life = Life.GONE;
    }
  }

  boolean leaving() {
    return leaving.isPresent();
  }

  boolean gone() {
    return life == Life.GONE;
  }

  boolean running() {
    return life == Life.RUNNING;
  }

  /** Whether it answers, and its probe has found out. */
  boolean ready() {
    return life == Life.RUNNING && ready;
  }

  /** Whether new connections are sent to it. */
  boolean routed(long now) {
    return life != Life.GONE && routed.known(now);
  }

  boolean drains() {
    return draining.isPresent();
  }

  /** Since when its container runs; meaningful while it does. */
  long runningSince() {
    return runningSince;
  }

  int limit() {
    return limit;
  }

  /** Connections refused for want of a permit since its container's start. */
  double refused() {
    return refused;
  }

  int restarts() {
    return restarts;
  }

  Optional<Instant> killed() {
    return killed;
  }
}
