package dev.berth.operator.decide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Minutes of a workload whose connections cost a known amount, from which the loop learns what they
 * cost: four pods of 128Mi, ordinary traffic, figures with noise, and something out of order.
 */
final class Lesson {
  static final int SECONDS = 180;
  private static final int PODS = 4;
  private static final long MEMORY = 128L << 20;
  private static final long BASE = 48L << 20;
  private static final long OVERHEAD = 4L << 20;
  private static final double NOISE = 0.05;
  private static final long LEAST_CODE = 12L << 20;
  private static final long MOST_CODE = 22L << 20;

  /** What is out of order. */
  enum Disturbance {
    NOISE("5 % noise alone"),
    SAWTOOTH("garbage that is collected every 20 s"),
    STICKY("memory that stays after load"),
    LEAK("one pod leaks 6 MB a minute"),
    OUTLIER("one pod holds 50 % more"),
    ROLLOUT("a rollout doubles the cost"),
    RESTARTS("a pod restarts every 30 s"),
    COLD("code comes with the first load");

    final String words;

    Disturbance(String words) {
      this.words = words;
    }

    /** Whether pods that tell so much let anybody tell it from connections. */
    boolean visible(Told told) {
      return this != COLD || told == Told.LIVE;
    }
  }

  /** What pods tell: their live memory too, or the working set only. */
  enum Told {
    LIVE,
    WORKING_SET
  }

  private final long cost;
  private final Disturbance disturbance;
  private final Told told;
  private final Random chance;
  private final List<LearningPod> pods = new ArrayList<>();
  private History history = History.NONE;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int second;
  private int named;
  private Decision last;

  Lesson(long cost, Disturbance disturbance, Told told, long seed) {
    this.cost = cost;
    this.disturbance = disturbance;
    this.told = told;
    this.chance = new Random(seed);
    for (int i = 0; i < PODS; i++) {
      pods.add(new LearningPod(disturbance == Disturbance.ROLLOUT ? cost / 2 : cost));
    }
    this.last = round();
  }

  /** The part by which the cost learned differs from the cost, after three minutes. */
  double error() {
    if (disturbance == Disturbance.ROLLOUT) {
      pass(SECONDS);
      second = 0;
    }
    pass(SECONDS);
    return last.report().figures().bytesPerConnection() / (double) cost - 1;
  }

  Decision last() {
    return last;
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      second++;
      now = now.plusSeconds(1);
      happen();
      load();
      last = round();
    }
  }

  private void happen() {
    if (disturbance == Disturbance.ROLLOUT && history.cost().trust() > 0.5) {
      int due = second <= PODS * 10 && second % 10 == 0 && named < 2 * PODS ? 1 : 0;
      for (int i = 0; i < due && pods.getFirst().cost != cost; i++) {
        pods.removeFirst();
        pods.add(new LearningPod(cost));
      }
    }
    if (disturbance == Disturbance.RESTARTS && second % 30 == 0) {
      pods.get(second / 30 % PODS).restart();
    }
    if (disturbance == Disturbance.LEAK) {
      pods.getFirst().leaked += 100 << 10;
    }
  }

  /**
   * A minute of rising load, then waves of a third of it around two thirds; in a lesson on sticky
   * memory load goes after two minutes.
   */
  private void load() {
    double part = second < 60 ? second / 90.0 : 0.66 + 0.22 * Math.sin((second - 60) / 12.0);
    if (disturbance == Disturbance.STICKY && second > 120) {
      part *= Math.max(0.2, 1 - (second - 120) / 30.0);
    }
    double full = (0.75 * MEMORY - BASE - OVERHEAD) / (double) cost;
    for (int i = 0; i < pods.size(); i++) {
      double own = 1 + 0.15 * Math.sin(second / 17.0 + 2 * i);
      pods.get(i)
          .connections((int) Math.round(part * own * full * (1 + 0.02 * chance.nextGaussian())));
    }
  }

  private Decision round() {
    var workload =
        new Workload(
            pods.size(),
            false,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    var seen = new Observation(workload, pods.stream().map(LearningPod::seen).toList());
    Decision decision = Round.decide(Policies.replicas(PODS, PODS), seen, history, now);
    history = decision.history();
    return decision;
  }

  /** A pod whose memory is known. */
  private final class LearningPod {
    private final String name = "chat-" + named++;
    private final long cost;
    private int active;
    private int peak;
    private int away;
    private long leaked;
    private long code = LEAST_CODE;

    LearningPod(long cost) {
      this.cost = cost;
    }

    void connections(int wanted) {
      away = Math.max(0, away - 1);
      active = away > 0 ? 0 : Math.max(0, wanted);
      peak = Math.max(peak, active);
      if (disturbance == Disturbance.COLD) {
        code = Math.min(MOST_CODE, code + 40L * active);
      }
    }

    void restart() {
      away = 4;
      active = 0;
      peak = 0;
      leaked = 0;
    }

    private long live() {
      boolean sticky = disturbance == Disturbance.STICKY || told == Told.WORKING_SET;
      double garbage =
          disturbance == Disturbance.SAWTOOTH ? (second + 7 * named) % 20 / 20.0 * (6 << 20) : 0;
      double base =
          disturbance == Disturbance.OUTLIER && this == pods.getFirst() ? 1.5 * BASE : BASE;
      double exact =
          base - LEAST_CODE + code + garbage + leaked + (double) (sticky ? peak : active) * cost;
      return Math.round(exact * (1 + NOISE * (2 * chance.nextDouble() - 1)));
    }

    Pod seen() {
      String template = "t" + cost;
      Pod.State state =
          away > 0
              ? new Pod.Missing("connection refused")
              : new Pod.Observed(
                  active,
                  active,
                  0,
                  OptionalInt.of(active + 1),
                  false,
                  0,
                  OVERHEAD + Math.max(live(), BASE + (long) peak * cost),
                  told == Told.LIVE ? OptionalLong.of(live()) : OptionalLong.empty(),
                  code);
      return new Pod(
          name, template, Pod.Marks.NONE, OptionalLong.of(MEMORY), Optional.empty(), state);
    }
  }
}
