package dev.berth.operator.simulate;

import java.util.OptionalInt;

/**
 * KEDA on the sum of open connections: an external metric of a HorizontalPodAutoscaler, with a
 * target for a pod's average. The sum is of the pods that could be scraped last, every 5 s, and 0
 * when there is none, which is what KEDA makes of an empty result unless it is told otherwise. The
 * controller looks every 15 s; KEDA's own polling interval and cooldown only matter between 0 pods
 * and 1.
 *
 * @see <a href="https://keda.sh/docs/latest/scalers/prometheus/">KEDA's Prometheus scaler</a>
 */
final class ConnectionsAutoscaler implements Governor {
  private static final int SCRAPE = 5 * Setting.TICKS_PER_SECOND;

  private final int target;
  private final OptionalInt handSet;
  private final HorizontalScaling scaling;
  private final int scrapePhase;
  private final int syncPhase;
  private int sum;

  ConnectionsAutoscaler(int target, OptionalInt handSet, int least, int most, Chance chance) {
    this.target = target;
    this.handSet = handSet;
    this.scaling = new HorizontalScaling(least, most);
    this.scrapePhase = chance.below(SCRAPE);
    this.syncPhase = chance.below(HorizontalScaling.SYNC);
  }

  @Override
  public void tick(World world) {
    if (world.now() % SCRAPE == scrapePhase) {
      sum =
          world.workload().pods().stream()
              .filter(world::answers)
              .mapToInt(pod -> pod.connections.active())
              .sum();
    }
    if (world.now() % HorizontalScaling.SYNC == syncPhase) {
      int current = world.workload().replicas();
      double ratio = sum / ((double) target * current);
      boolean within = Math.abs(ratio - 1) <= HorizontalScaling.TOLERANCE;
      int wanted = within ? current : Math.ceilDiv(sum, target);
      world.workload().scale(scaling.next(current, wanted, world.now()));
    }
  }

  @Override
  public OptionalInt limit() {
    return handSet;
  }
}
