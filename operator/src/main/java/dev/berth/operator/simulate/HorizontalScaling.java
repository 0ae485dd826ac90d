package dev.berth.operator.simulate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * HorizontalPodAutoscaler v2's default behavior: upward at once, by the larger of 4 pods and 100 %
 * in 15 s; downward to the highest recommendation of the last 300 s.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior">
 *     Default behavior</a>
 */
final class HorizontalScaling {
  /** How often the controller looks. */
  static final int SYNC = 15 * Setting.TICKS_PER_SECOND;

  /** The part by which use may differ from the target without a change. */
  static final double TOLERANCE = 0.1;

  private static final int STABILIZATION = 300 * Setting.TICKS_PER_SECOND;
  private static final int PERIOD = 15 * Setting.TICKS_PER_SECOND;

  private final int least;
  private final int most;
  private final Deque<Change> recommended = new ArrayDeque<>();
  private final Deque<Change> raised = new ArrayDeque<>();

  /** So many replicas at, or more replicas since, a tick. */
  private record Change(long at, int replicas) {}

  HorizontalScaling(int least, int most) {
    this.least = least;
    this.most = most;
  }

  /** The replicas to have, given that the metrics call for {@code wanted}. */
  int next(int current, int wanted, long now) {
    if (recommended.isEmpty()) {
      recommended.add(new Change(now, current));
    }
    recommended.removeIf(each -> each.at() <= now - STABILIZATION);
    recommended.add(new Change(now, wanted));
    int highest = recommended.stream().mapToInt(Change::replicas).max().orElse(wanted);
    int calm = wanted >= current ? wanted : Math.min(current, highest);
    raised.removeIf(each -> each.at() <= now - PERIOD);
    int before = current - raised.stream().mapToInt(Change::replicas).sum();
    int ceiling = Math.max(current, Math.max(before + 4, before * 2));
    int next = Math.clamp(Math.min(calm, ceiling), least, most);
    if (next > current) {
      raised.add(new Change(now, next - current));
    }
    return next;
  }
}
