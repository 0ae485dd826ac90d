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
 *           over maxSkew × mean, or nearly full and over half of that skew
 *  (none) ──────────────────────────────────────────────────► falling, by a fiftieth each second
 *    ▲                                                             │
 *    └── at what memory allows ── rising, by a twentieth ◄─────────┘ near the mean
 * </pre>
 *
 * <p>While the fleet is short of room, or empties pods, nobody has a share.
 *
 * @param shares the pods with a limit of their own, and that limit
 * @param reason why, in one sentence with its figures; empty where there is nothing to say
 */
record Balance(Map<String, Integer> shares, String reason) {
  static final Balance NONE = new Balance(Map.of(), "");

  private static final double BEGIN_NEARLY_FULL = 0.5;
  private static final double DONE = 0.3;
  private static final double STEP_DOWN = 0.02;
  private static final double STEP_UP = 0.05;
  private static final double SERVERS_LAG = 1.1;
  private static final double CHANCE = 4;
  private static final int FEW = 5;

  Balance {
    shares = Map.copyOf(shares);
  }

  static Balance of(
      Policy policy,
      Observation seen,
      Limits limits,
      Demand demand,
      boolean growing,
      History history,
      Instant now) {
    List<Pod> serving = seen.serving();
    int room = serving.stream().mapToInt(pod -> limits.capacity(pod).orElse(0)).sum();
    boolean tight =
        demand.atLeast() * 100 >= (double) policy.connections().panicUtilization() * room;
    if (serving.size() < 2 || tight || growing || !seen.draining().isEmpty()) {
      return NONE;
    }
    double mean = serving.stream().mapToInt(Pod::active).average().orElse(0);
    double seconds = history.since(now).toMillis() / 1000.0;
    var scales = new Scales(policy, mean, seconds);
    var shares = new HashMap<String, Integer>();
    for (Pod pod : serving) {
      OptionalInt before =
          history.pod(pod.name()).map(History.PodHistory::share).orElse(OptionalInt.empty());
      scales
          .share(pod, before, limits.capacity(pod).orElse(0))
          .ifPresent(share -> shares.put(pod.name(), share));
    }
    return new Balance(shares, sentence(serving, shares, mean));
  }

  /** What weighs the pods of one round. */
  private record Scales(Policy policy, double mean, double seconds) {
    Optional<Integer> share(Pod pod, OptionalInt before, int capacity) {
      int active = pod.active();
      double done = mean * (1 + DONE * (policy.connections().maxSkew() - 1));
      if (before.isEmpty() && !tooMany(active, capacity)) {
        return Optional.empty();
      }
      int last = before.orElse(active);
      double next;
      if (active <= done) {
        next = last + Math.max(1, STEP_UP * capacity * seconds);
      } else if (active > last * SERVERS_LAG) {
        next = last;
      } else {
        int busy = pod.observed().map(Pod.Observed::busy).orElse(active);
        double step = Math.max(1, STEP_DOWN * active * seconds);
        double least = Math.max(Math.max(done, busy), policy.connections().minLimit());
        next = Math.max(least, Math.min(last, active) - step);
      }
      int share = (int) Math.ceil(next);
      return share < capacity ? Optional.of(share) : Optional.empty();
    }

    private boolean tooMany(int active, int capacity) {
      var connections = policy.connections();
      double full = (connections.targetUtilization() + connections.panicUtilization()) / 200.0;
      double skew = connections.maxSkew() - 1;
      double allowed = mean * (1 + skew * (active > full * capacity ? BEGIN_NEARLY_FULL : 1));
      // What chance alone makes of a few connections, four deviations of it, is left.
      return active > allowed && active > mean + CHANCE * Math.sqrt(mean) + FEW;
    }
  }

  private static String sentence(List<Pod> serving, Map<String, Integer> shares, double mean) {
    if (shares.isEmpty()) {
      return "";
    }
    return serving.stream()
        .filter(pod -> shares.containsKey(pod.name()))
        .sorted(Comparator.comparingInt(Pod::active).reversed().thenComparing(Pod::name))
        .limit(3)
        .map(pod ->
            "%s holds %d, %.1f times the mean of %.0f, and takes %d at most"
                .formatted(
                    pod.name(),
                    pod.active(),
                    pod.active() / Math.max(1, mean),
                    mean,
                    shares.get(pod.name())))
        .collect(Collectors.joining("; "));
  }
}
