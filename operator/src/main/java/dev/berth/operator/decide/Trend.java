package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How demand grows, and how long a pod takes to come: together, what must be there before it is
 * wanted.
 *
 * @param samples demand lately, about a second apart, oldest first
 * @param most the most clients that wanted a connection lately; it fades by half in five minutes
 * @param start how long pods took lately from when they were first seen until they answered
 */
public record Trend(List<Sample> samples, double most, Duration start) {
  /** Nothing seen yet; a pod is believed to take {@value #UNSEEN_START} seconds. */
  public static final Trend NONE = new Trend(List.of(), 0, Duration.ofSeconds(Trend.UNSEEN_START));

  private static final int UNSEEN_START = 5;
  private static final int SAMPLES = 9;
  private static final int FEWEST = 6;
  private static final Duration SEEN_LATE = Duration.ofSeconds(5);
  private static final double SUSTAINED = 0.35;
  private static final double SMOOTHING = 0.3;
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration APART = Duration.ofMillis(900);
  private static final Duration OLDEST = Duration.ofMinutes(1);
  private static final Duration MOST_HALF_LIFE = Duration.ofMinutes(5);

  public Trend {
    samples = List.copyOf(samples);
  }

  /** Clients that wanted a connection at a time. */
  public record Sample(Instant at, double clients) {}

  /** This trend after {@code clients} wanted a connection. */
  Trend with(double clients, Instant now) {
    if (!samples.isEmpty() && now.isBefore(samples.getLast().at().plus(APART))) {
      return this;
    }
    var next = new ArrayList<Sample>();
    for (Sample each : samples) {
      if (each.at().isAfter(now.minus(OLDEST))) {
        next.add(each);
      }
    }
    next.add(new Sample(now, clients));
    return new Trend(
        next.subList(Math.max(0, next.size() - SAMPLES), next.size()),
        Math.max(clients, faded(now)),
        start);
  }

  private double faded(Instant now) {
    if (samples.isEmpty()) {
      return most;
    }
    double halves =
        Duration.between(samples.getLast().at(), now).toMillis()
            / (double) MOST_HALF_LIFE.toMillis();
    return most * Math.pow(0.5, halves);
  }

  /**
   * This trend after a pod took so long to come: slower ones count at once, faster ones in part.
   */
  Trend withStart(Duration took) {
    Duration bounded = took.compareTo(LONGEST_START) > 0 ? LONGEST_START : took;
    double longer = (double) bounded.toMillis() - start.toMillis();
    return new Trend(
        samples, most, start.plusMillis(Math.round(longer > 0 ? longer : SMOOTHING * longer)));
  }

  /**
   * Clients more with each second, at least 0: what two of three of the last changes were at least.
   * A step, a lost scrape or clients that come and go are no growth.
   */
  double growth() {
    var changes = changes();
    return changes.isEmpty() ? 0 : Math.max(0, changes.get((int) (SUSTAINED * changes.size())));
  }

  /** Clients fewer with each second, at least 0, told as {@link #growth} is. */
  double ebb() {
    var changes = changes();
    return changes.isEmpty()
        ? 0
        : Math.max(0, -changes.get(changes.size() - 1 - (int) (SUSTAINED * changes.size())));
  }

  /** By how much demand changed each second, least first; empty while too little was seen. */
  private List<Double> changes() {
    var changes = new ArrayList<Double>();
    for (int i = 1; samples.size() >= FEWEST && i < samples.size(); i++) {
      Sample before = samples.get(i - 1);
      Sample after = samples.get(i);
      double seconds = Duration.between(before.at(), after.at()).toMillis() / 1000.0;
      changes.add((after.clients() - before.clients()) / seconds);
    }
    changes.sort(Double::compare);
    return changes;
  }

  /**
   * How far ahead growth counts: until the pods have come that are asked for when those asked for
   * now have, and the time by which growth is seen late.
   */
  Duration horizon() {
    return start.multipliedBy(2).plus(SEEN_LATE);
  }

  /** Clients more than now at the {@link #horizon}, and no more than there are now. */
  double coming() {
    double now = samples.isEmpty() ? 0 : samples.getLast().clients();
    return Math.min(now, growth() * horizon().toMillis() / 1000);
  }
}
