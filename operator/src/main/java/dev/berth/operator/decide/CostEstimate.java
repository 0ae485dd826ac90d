package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a connection costs in pods of one template: the line {@code memory = base + cost ×
 * connections} through what was seen.
 *
 * <p>What was seen is kept by level of load (connections within a quarter of each other share one),
 * so that an hour at one level doesn't wash out what the others cost. The slope is the weighted
 * Theil–Sen estimator: of the slopes between every two levels, each weighted by their distance and
 * freshness, the quantile {@value #UPPER_SIDE}. A single wild level moves it little (Sen,
 * "Estimates of the Regression Coefficient Based on Kendall's Tau", 1968); the upper side is used
 * because a guess too high costs a pod and one too low an out-of-memory kill.
 *
 * @param prior the cost believed before anything was seen, in bytes
 * @param overhead bytes that a pod holds beyond what its process says it needs; the least seen;
 *     absent before any was
 * @param levels what was seen, by rising connections
 */
public record CostEstimate(long prior, OptionalLong overhead, List<Level> levels) {
  static final double UPPER_SIDE = 0.6;
  private static final double STEP = 1.25;
  private static final double FULL_TRUST_SPREAD = 200;
  private static final double SOME_SPREAD = 20;
  private static final double FULL_TRUST_BYTES = 16 << 20;
  private static final Duration HALF_LIFE = Duration.ofMinutes(5);

  public CostEstimate {
    levels = List.copyOf(levels);
  }

  /** An estimate that has seen nothing and believes {@code prior}. */
  static CostEstimate unlearned(long prior) {
    return new CostEstimate(prior, OptionalLong.empty(), List.of());
  }

  /**
   * What pods cost at one level of load.
   *
   * @param key which level
   * @param connections mean
   * @param bytes mean
   * @param samples how many the means stand for, at most {@value #MOST_SAMPLES}: older ones fade
   * @param at when it was last seen
   */
  record Level(int key, double connections, double bytes, int samples, Instant at) {
    private static final int MOST_SAMPLES = 20;
    private static final double BELIEVABLE = 0.25;

    Level with(int moreConnections, double moreBytes, Instant now) {
      int n = Math.min(samples + 1, MOST_SAMPLES);
      double clipped =
          samples < 5
              ? moreBytes
              : Math.clamp(moreBytes, bytes * (1 - BELIEVABLE), bytes * (1 + BELIEVABLE));
      return new Level(
          key,
          connections + (moreConnections - connections) / n,
          bytes + (clipped - bytes) / n,
          n,
          now);
    }

    double weight(Instant newest) {
      double age = Duration.between(at, newest).toMillis() / (double) HALF_LIFE.toMillis();
      return samples / (double) MOST_SAMPLES * Math.max(0.01, Math.pow(0.5, age));
    }
  }

  /** This estimate after a pod was seen. */
  CostEstimate with(int connections, long bytes, Instant now) {
    int key = key(connections);
    var next = new ArrayList<Level>(levels.size() + 1);
    boolean known = false;
    for (Level level : levels) {
      known |= level.key() == key;
      next.add(level.key() == key ? level.with(connections, (double) bytes, now) : level);
    }
    if (!known) {
      next.add(new Level(key, connections, (double) bytes, 1, now));
      next.sort(Comparator.comparingDouble(Level::connections));
    }
    return new CostEstimate(prior, overhead, next);
  }

  /**
   * This estimate after a pod was seen that holds {@code bytes} beyond what its process needs: code
   * and libraries, stacks, the free part of a heap. The least seen counts, since the free part goes
   * to connections as they come, and comes back as they leave.
   */
  CostEstimate withOverhead(long bytes) {
    return new CostEstimate(
        prior, OptionalLong.of(Math.min(bytes, overhead.orElse(bytes))), levels);
  }

  /**
   * Bytes that a connection costs, at least 1: what was learned as far as it is trusted, and the
   * prior for the rest.
   */
  public long bytesPerConnection() {
    double trust = trust();
    if (trust == 0) {
      return prior;
    }
    return Math.max(1, Math.round(trust * Math.max(1, slope()) + (1 - trust) * prior));
  }

  /** Bytes of a pod without connections, its overhead included; 0 when nothing was seen. */
  public long podBytes() {
    return baseBytes() + overhead.orElse(0);
  }

  /** Bytes that a process needs without connections, at least 0; 0 when nothing was seen. */
  public long baseBytes() {
    double cost = (double) bytesPerConnection();
    var bases =
        levels.stream()
            .map(level ->
                new Weighted(
                    level.bytes() - cost * level.connections(),
                    level.weight(newest()) / (1 + level.connections())))
            .toList();
    return Math.max(0, Math.round(quantile(bases)));
  }

  /**
   * How far the cost is learned, 0 to 1. It is whole when levels {@value #FULL_TRUST_SPREAD}
   * connections apart were seen, or when fewer told {@value #FULL_TRUST_BYTES} bytes apart: a
   * costly connection must be believed before its pod is full.
   */
  public double trust() {
    if (levels.size() < 3) {
      return 0;
    }
    double spread = levels.getLast().connections() - levels.getFirst().connections();
    double bytes = Math.max(0, levels.getLast().bytes() - levels.getFirst().bytes());
    double some = Math.min(1, spread / SOME_SPREAD);
    double told = some * some * Math.min(1, bytes / FULL_TRUST_BYTES);
    double samples = levels.stream().mapToInt(Level::samples).sum();
    return Math.clamp(Math.max(spread / FULL_TRUST_SPREAD, told), 0, 1)
        * Math.min(1, samples / Level.MOST_SAMPLES);
  }

  /** The most connections that a pod was seen to hold. */
  public int mostSeen() {
    return levels.isEmpty() ? 0 : (int) Math.round(levels.getLast().connections());
  }

  private double slope() {
    var slopes = new ArrayList<Weighted>();
    Instant newest = newest();
    for (int i = 0; i < levels.size(); i++) {
      for (int j = i + 1; j < levels.size(); j++) {
        Level low = levels.get(i);
        Level high = levels.get(j);
        double distance = high.connections() - low.connections();
        if (distance > 0) {
          slopes.add(
              new Weighted(
                  (high.bytes() - low.bytes()) / distance,
                  distance * low.weight(newest) * high.weight(newest)));
        }
      }
    }
    return quantile(slopes);
  }

  private Instant newest() {
    return levels.stream().map(Level::at).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  private static int key(int connections) {
    return connections == 0 ? 0 : 1 + (int) (Math.log(connections) / Math.log(STEP));
  }

  private record Weighted(double value, double weight) {}

  private static double quantile(List<Weighted> values) {
    double whole = values.stream().mapToDouble(Weighted::weight).sum();
    double below = 0;
    double reached = 0;
    for (Weighted each :
        values.stream().sorted(Comparator.comparingDouble(Weighted::value)).toList()) {
      reached = each.value();
      below += each.weight();
      if (below >= UPPER_SIDE * whole) {
        break;
      }
    }
    return reached;
  }
}
