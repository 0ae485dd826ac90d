package dev.berth.operator.simulate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A HorizontalPodAutoscaler on memory, its target a utilization of the request, which is the
 * container's memory limit. metrics-server looks every 15 s and tells of a container after it has
 * seen it twice; the controller looks every 15 s. Pods without metrics count as full for scaling
 * down and as empty for scaling up; when no pod has metrics, nothing is done.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details">
 *     Algorithm details</a>
 */
final class MemoryAutoscaler implements Governor {
  private static final int RESOLUTION = 15 * Setting.TICKS_PER_SECOND;

  private final double target;
  private final HorizontalScaling scaling;
  private final int metricsPhase;
  private final int syncPhase;
  private Set<String> seenOnce = Set.of();
  private Map<String, Double> use = Map.of();

  MemoryAutoscaler(int percent, int least, int most, Chance chance) {
    this.target = percent / 100.0;
    this.scaling = new HorizontalScaling(least, most);
    this.metricsPhase = chance.below(RESOLUTION);
    this.syncPhase = chance.below(HorizontalScaling.SYNC);
  }

  @Override
  public void tick(World world) {
    if (world.now() % RESOLUTION == metricsPhase) {
      measure(world);
    }
    if (world.now() % HorizontalScaling.SYNC == syncPhase) {
      sync(world);
    }
  }

  private void measure(World world) {
    var seen = new HashSet<String>();
    var known = new HashMap<String, Double>();
    for (ServerPod pod : world.workload().pods()) {
      if (world.answers(pod)) {
        String container = pod.name + " " + pod.restarts();
        seen.add(container);
        if (seenOnce.contains(container)) {
          known.put(pod.name, pod.memory.workingSet() / (double) world.setting().memory());
        }
      }
    }
    seenOnce = seen;
    use = known;
  }

  private void sync(World world) {
    List<ServerPod> pods = world.workload().staying().toList();
    var told = new ArrayList<Double>();
    int starting = 0;
    int missing = 0;
    for (ServerPod pod : pods) {
      Double used = use.get(pod.name);
      if (!pod.running() && pod.restarts() == 0) {
        starting++;
      } else if (used == null) {
        missing++;
      } else {
        told.add(used);
      }
    }
    if (told.isEmpty()) {
      return;
    }
    int current = world.workload().replicas();
    int wanted = wanted(told, missing, starting, current);
    world.workload().scale(scaling.next(current, wanted, world.now()));
  }

  private int wanted(List<Double> told, int missing, int starting, int current) {
    double sum = told.stream().mapToDouble(Double::doubleValue).sum();
    double ratio = sum / told.size() / target;
    if (missing == 0 && (starting == 0 || ratio <= 1)) {
      return within(ratio) ? current : pods(ratio * told.size());
    }
    double assumed = ratio < 1 ? missing : 0;
    int counted = told.size() + missing + (ratio > 1 ? starting : 0);
    double cautious = (sum + assumed) / counted / target;
    boolean turned = (ratio < 1) != (cautious < 1) && ratio != 1 && cautious != 1;
    if (within(cautious) || turned) {
      return current;
    }
    int wanted = pods(cautious * counted);
    return cautious < 1 ? Math.min(current, wanted) : Math.max(current, wanted);
  }

  private static boolean within(double ratio) {
    return Math.abs(ratio - 1) <= HorizontalScaling.TOLERANCE;
  }

  private static int pods(double exact) {
    return (int) Math.ceil(exact - 1e-9);
  }

  @Override
  public OptionalInt limit() {
    return OptionalInt.empty();
  }
}
