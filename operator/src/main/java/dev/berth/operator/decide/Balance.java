package dev.berth.operator.decide;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Connections stay where they were opened, so that old pods are full when new ones come. A pod that
 * holds too many times the mean gets a share, a limit of its own below what its memory allows: it
 * sheds idle connections and refuses new ones, and they land on the others.
 *
 * <pre>
 *           over half full and over maxSkew × mean, or nearly full and over half of that skew
 *  (none) ──────────────────────────────────────────────────► falling, by a fiftieth each second
 *    ▲                                                             │
 *    └──────────────── near the mean, or the reason is gone ◄──────┘
 * </pre>
 *
 * <p>Nobody has a share while evening out serves nothing: while the fleet is short of room, grows
 * (new connections even it out by themselves) or shrinks, or empties pods. A share is never less
 * than its pod's part of what was wanted lately: clients that come back find room. Nor does it have
 * the pod shed more than the others take: its clients would be refused there.
 *
 * <p>A pod's part is as large as what it can hold: of pods that hold equally many, the mean.
 *
 * @param shares the pods with a limit of their own, and that limit
 * @param reason why, in one sentence with its figures; empty where there is nothing to say
 */
record Balance(Map<String, Integer> shares, String reason) {
  static final Balance NONE = new Balance(Map.of(), "");

  /** The part of its connections by which a fleet that is left to itself moves each second. */
  private static final double MOVING = 0.01;

  private static final double BEGIN_NEARLY_FULL = 0.5;
  private static final double HALF_FULL = 0.5;
  private static final double DONE = 0.3;

  /** It begins a little above what the pod holds: a pod leaves rotation before it refuses. */
  private static final double BEGIN_ABOVE = 1.07;

  private static final double STEP_DOWN = 0.02;

  /** Seconds that count of the time between two rounds, as after an API server was away. */
  private static final double LONGEST_STEP = 3;

  private static final double SERVERS_LAG = 1.1;
  private static final double CHANCE = 4;
  private static final int FEW = 5;

  Balance {
    shares = Map.copyOf(shares);
  }

  /**
   * @param tooMany whether there are more pods than are needed, so that one is about to go
   */
  static Balance of(
      Policy policy,
      Observation seen,
      Limits limits,
      Demand demand,
      Trend trend,
      boolean tooMany,
      History history,
      Instant now) {
    List<Pod> serving = seen.serving();
    long room = serving.stream().mapToLong(pod -> limits.capacity(pod).orElse(0)).sum();
    boolean tight =
        demand.atLeast() * 100 >= (double) policy.connections().panicUtilization() * room;
    boolean moving = Math.max(trend.growth(), trend.ebb()) > MOVING * demand.atLeast();
    if (serving.size() < 2 || tight || moving || !seen.draining().isEmpty()) {
      return NONE;
    }
    double active = serving.stream().mapToDouble(Pod::active).sum();
    double free = serving.stream().mapToDouble(pod -> free(pod, limits)).sum();
    double seconds = Math.min(LONGEST_STEP, history.since(now).toMillis() / 1000.0);
    var scales =
        new Scales(policy, active / room, Math.max(active, trend.most()) / room, tooMany, seconds);
    var shares = new HashMap<String, Integer>();
    for (Pod pod : serving) {
      OptionalInt before =
          history.pod(pod.name()).map(History.PodHistory::share).orElse(OptionalInt.empty());
      scales
          .share(
              pod,
              before,
              limits.allowed(pod).orElse(0),
              limits.capacity(pod).orElse(0),
              free - free(pod, limits))
          .ifPresent(share -> shares.put(pod.name(), share));
    }
    return new Balance(shares, sentence(serving, limits, shares, active / room));
  }

  /** How many connections more a pod takes now. */
  private static int free(Pod pod, Limits limits) {
    return Math.max(0, limits.taken(pod) - pod.active());
  }

  /**
   * What weighs the pods of one round.
   *
   * @param use connections now for each that can be held
   * @param lately the most that were wanted lately for each that can be held
   */
  private record Scales(Policy policy, double use, double lately, boolean tooMany, double seconds) {
    /**
     * @param capacity what the pod can hold
     * @param free what the others take
     */
    Optional<Integer> share(Pod pod, OptionalInt before, int allowed, int capacity, double free) {
      int active = pod.active();
      double done = capacity * lately * (1 + DONE * (policy.connections().maxSkew() - 1));
      boolean holdsTooMany =
          active > done && (before.isPresent() || begins(active, allowed, capacity * use));
      if (!holdsTooMany) {
        return Optional.empty();
      }
      int last = before.orElse(Math.min(allowed, (int) Math.ceil(active * BEGIN_ABOVE)));
      int busy = pod.observed().map(Pod.Observed::busy).orElse(active);
      double least =
          Math.max(Math.max(done, busy), Math.max(active - free, policy.connections().minLimit()));
      double step = active <= last * SERVERS_LAG ? Math.max(1, STEP_DOWN * active * seconds) : 0;
      int share = (int) Math.ceil(Math.max(least, last - step));
      return share < allowed ? Optional.of(share) : Optional.empty();
    }

    /**
     * @param part the pod's part of all connections
     */
    private boolean begins(int active, int allowed, double part) {
      var connections = policy.connections();
      double full = (connections.targetUtilization() + connections.panicUtilization()) / 200.0;
      boolean nearlyFull = active > full * allowed;
      double skew = connections.maxSkew() - 1;
      double fair = part * (1 + skew * (nearlyFull ? BEGIN_NEARLY_FULL : 1));
      // What chance alone makes of a few connections, four deviations of it, is left.
      return active > fair
          && active > part + CHANCE * Math.sqrt(part) + FEW
          && (nearlyFull || (active > HALF_FULL * allowed && !tooMany));
    }
  }

  private static String sentence(
      List<Pod> serving, Limits limits, Map<String, Integer> shares, double use) {
    if (shares.isEmpty()) {
      return "";
    }
    double mean = serving.stream().mapToInt(Pod::active).average().orElse(0);
    return serving.stream()
        .filter(pod -> shares.containsKey(pod.name()))
        .sorted(Comparator.comparingInt(Pod::active).reversed().thenComparing(Pod::name))
        .limit(3)
        .map(pod -> sentence(pod, limits.capacity(pod).orElse(0) * use, mean, shares))
        .collect(Collectors.joining("; "));
  }

  private static String sentence(Pod pod, double part, double mean, Map<String, Integer> shares) {
    return "%s holds %d, %.1f times %s of %.0f, and takes %d at most"
        .formatted(
            pod.name(),
            pod.active(),
            pod.active() / Math.max(1, part),
            Math.abs(part - mean) < 0.5 ? "the mean" : "its part",
            part,
            shares.get(pod.name()));
  }
}
