package dev.berth.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The {@code berth_operator_*} series of the loop as a whole: how long the rounds of all policies
 * take, how much later than they were due they begin, how long statuses wait to be written, and
 * what is being watched. Safe for any number of threads.
 */
public final class LoopMetrics {
  private static final Duration[] BOUNDS =
      IntStream.of(1, 2, 3, 5, 7, 10, 15, 20, 25, 35, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer duration;
  private final Timer lateness;
  private final Timer delay;

  public LoopMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.duration =
        Timer.builder("berth.operator.round.duration")
            .description("Rounds of all policies, their actions included")
            .serviceLevelObjectives(BOUNDS)
            .register(registry);
    this.lateness =
        Timer.builder("berth.operator.round.lateness")
            .description("From the moment at which a round was due to its beginning")
            .serviceLevelObjectives(BOUNDS)
            .register(registry);
    this.delay =
        Timer.builder("berth.operator.status.delay")
            .description("From the beginning of a round to its status being written")
            .serviceLevelObjectives(BOUNDS)
            .register(registry);
  }

  /** Tells that a status was written, and how long after its round began. */
  public void status(Duration after) {
    delay.record(after);
  }

  /** Tells where to ask how many statuses wait to be written. */
  public void statuses(Supplier<Number> waiting) {
    Gauge.builder("berth.operator.statuses.waiting", waiting)
        .description("Statuses of policies that wait to be written")
        .register(registry);
  }

  /** Tells where to ask whether objects of a kind are being watched. */
  public void watch(String kind, BooleanSupplier up) {
    Gauge.builder("berth.operator.watch.up", () -> up.getAsBoolean() ? 1 : 0)
        .description("1 while the API server tells what changes of a kind, 0 while it doesn't")
        .tag("kind", kind)
        .register(registry);
  }

  /** Tells a round that has ended. */
  public void record(Duration round, Duration late) {
    duration.record(round);
    lateness.record(late);
  }
}
