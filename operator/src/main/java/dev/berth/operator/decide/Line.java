package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of one pod: its memory by level of load. Connections within a quarter of each other
 * share a level, so that an hour at one level doesn't wash out what the others cost.
 *
 * @param levels by rising connections
 * @param code bytes of classes and compiled code, as last told: they come with the first load, and
 *     no connection brings or takes them
 */
record Line(List<Level> levels, long code) {
  static final Line NONE = new Line(List.of(), 0);

  private static final double STEP = 1.25;

  /** Of levels less than this part of their load apart, most of what lies between is noise. */
  private static final double APART = 0.1;

  Line {
    levels = List.copyOf(levels);
  }

  /**
   * What a pod cost at one level of load.
   *
   * @param key which level
   * @param connections mean
   * @param bytes mean
   * @param samples how many the means stand for, at most {@value #MOST_SAMPLES}: older ones fade,
   *     all of them while it isn't seen, so that what the pod has come to hold since isn't mixed
   *     with what it held
   * @param at when it was last seen
   * @param overhead mean of the bytes beyond what its process says it needs; 0 where it doesn't
   *     tell
   */
  record Level(
      int key, double connections, double bytes, int samples, Instant at, double overhead) {
    static final int MOST_SAMPLES = 20;
    private static final double BELIEVABLE = 0.25;
    private static final int KNOWN_WELL = 5;
    private static final double OLD = 0.03;
    private static final Duration HALF_LIFE = Duration.ofMinutes(5);

    /** In this time a pod is taken to come to hold as much as memory strays by. */
    private static final Duration DRIFTS = Duration.ofHours(2);

    /** This level after one more sample; a wild one counts as far as it can be believed. */
    Level with(int moreConnections, double moreBytes, Instant now) {
      int left = (int) Math.round(samples * Math.min(1, Math.pow(0.5, halfLives(at, now))));
      int n = Math.min(left + 1, MOST_SAMPLES);
      double believed =
          left < KNOWN_WELL
              ? moreBytes
              : Math.clamp(moreBytes, bytes * (1 - BELIEVABLE), bytes * (1 + BELIEVABLE));
      return new Level(
          key,
          connections + (moreConnections - connections) / n,
          bytes + (believed - bytes) / n,
          n,
          now,
          overhead);
    }

    /** This level with the overhead of its last sample. */
    Level withOverhead(double more) {
      return new Level(
          key, connections, bytes, samples, at, overhead + (more - overhead) / samples);
    }

    /** Whether it was seen more than by chance. */
    boolean knownWell() {
      return samples >= KNOWN_WELL;
    }

    /** How much it counts, 0 to 1: what was seen often, and lately. */
    double weight(Instant newest) {
      return often() * freshness(newest);
    }

    /**
     * How much the two count together, 0 to 1: as lately as the older was seen, and less the longer
     * apart they were. What lies between an hour and another is also what the pod has come to hold
     * meanwhile.
     */
    static double weight(Level one, Level other, Instant newest) {
      return one.often()
          * other.often()
          * Math.min(one.freshness(newest), other.freshness(newest))
          / (1
              + Math.abs(Duration.between(one.at, other.at).toMillis())
                  / (double) DRIFTS.toMillis());
    }

    private double often() {
      return samples / (double) MOST_SAMPLES;
    }

    private double freshness(Instant newest) {
      return Math.max(OLD, Math.pow(0.5, halfLives(at, newest)));
    }

    private static double halfLives(Instant from, Instant to) {
      return Duration.between(from, to).toMillis() / (double) HALF_LIFE.toMillis();
    }
  }

  /** This line after the pod was seen. */
  Line with(int connections, long bytes, Instant now) {
    int key = key(connections);
    var next = new ArrayList<Level>(levels.size() + 1);
    boolean known = false;
    for (Level level : levels) {
      known |= level.key() == key;
      next.add(level.key() == key ? level.with(connections, (double) bytes, now) : level);
    }
    if (!known) {
      next.add(new Level(key, connections, (double) bytes, 1, now, 0));
      next.sort(Comparator.comparingDouble(Level::connections));
    }
    return new Line(next, code);
  }

  /** This line with the overhead of its last sample, which was at so many connections. */
  Line withOverhead(int connections, long bytes) {
    int key = key(connections);
    return new Line(
        levels.stream()
            .map(level -> level.key() == key ? level.withOverhead((double) bytes) : level)
            .toList(),
        code);
  }

  /** The level that so many connections are at; absent before it was seen. */
  Optional<Level> level(int connections) {
    int key = key(connections);
    return levels.stream().filter(level -> level.key() == key).findFirst();
  }

  /** This line with so many bytes of code. */
  Line withCode(long bytes) {
    return new Line(levels, bytes);
  }

  /** When the pod was last seen. */
  Instant at() {
    return levels.stream().map(Level::at).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  /**
   * Bytes a connection between every two levels that aren't close to each other, each weighted by
   * their distance, freshness and nearness in time.
   */
  List<Weighted> slopes(Instant newest) {
    var slopes = new ArrayList<Weighted>();
    for (int i = 0; i < levels.size(); i++) {
      for (int j = i + 1; j < levels.size(); j++) {
        slopes.addAll(slope(levels.get(i), levels.get(j), newest, 1));
      }
    }
    return slopes;
  }

  /**
   * The slope between the middles of two pods, which counts for {@code part}; none of pods about
   * equal.
   */
  static List<Weighted> slopes(Level one, Level other, Instant newest, double part) {
    return one.connections() < other.connections()
        ? slope(one, other, newest, part)
        : slope(other, one, newest, part);
  }

  private static List<Weighted> slope(Level low, Level high, Instant newest, double part) {
    double distance = high.connections() - low.connections();
    return distance > APART * high.connections()
        ? List.of(
            new Weighted(
                (high.bytes() - low.bytes()) / distance,
                part * distance * Level.weight(low, high, newest)))
        : List.of();
  }

  /** Bytes without connections by each level, at {@code cost} bytes each. */
  List<Weighted> bases(double cost, Instant newest) {
    return levels.stream()
        .map(level ->
            new Weighted(
                level.bytes() - cost * level.connections(),
                level.weight(newest) / (1 + level.connections())))
        .toList();
  }

  /** All levels in one, by their weight when the pod was last seen. */
  Level middle() {
    Instant newest = at();
    double whole = levels.stream().mapToDouble(level -> level.weight(newest)).sum();
    double connections = 0;
    double bytes = 0;
    int samples = 0;
    for (Level level : levels) {
      double part = level.weight(newest) / whole;
      connections += part * level.connections();
      bytes += part * level.bytes();
      samples += level.samples();
    }
    return new Level(0, connections, bytes, Math.min(samples, Level.MOST_SAMPLES), newest, 0);
  }

  private static int key(int connections) {
    return connections == 0 ? 0 : 1 + (int) (Math.log(connections) / Math.log(STEP));
  }
}
