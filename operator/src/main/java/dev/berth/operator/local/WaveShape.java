package dev.berth.operator.local;

import java.time.Duration;

/**
 * How many connections are wanted over time:
 *
 * <pre>
 *            ┌──hold──┐
 *          ╱            ╲
 *   rise ╱                ╲ fall
 *      ╱                    └──ebb, a tenth──┐
 *    ╱                                       │ over
 * </pre>
 *
 * @param peak connections
 */
public record WaveShape(int peak, Duration rise, Duration hold, Duration fall, Duration ebb) {
  private static final int EBB_PART = 10;

  /** Where a wave is; it waits until a server is ready. */
  public enum Phase {
    WAITING,
    RISE,
    HOLD,
    FALL,
    EBB,
    OVER
  }

  Phase phase(Duration since) {
    if (since.compareTo(rise) < 0) {
      return Phase.RISE;
    }
    if (since.compareTo(rise.plus(hold)) < 0) {
      return Phase.HOLD;
    }
    if (since.compareTo(rise.plus(hold).plus(fall)) < 0) {
      return Phase.FALL;
    }
    return since.compareTo(whole()) < 0 ? Phase.EBB : Phase.OVER;
  }

  /** The connections wanted {@code since} the start. */
  int wanted(Duration since) {
    int low = peak / EBB_PART;
    return switch (phase(since)) {
      case RISE -> (int) (peak * part(since, rise));
      case HOLD -> peak;
      case FALL -> peak - (int) ((peak - low) * part(since.minus(rise).minus(hold), fall));
      case EBB -> low;
      case WAITING, OVER -> 0;
    };
  }

  Duration whole() {
    return rise.plus(hold).plus(fall).plus(ebb);
  }

  private static double part(Duration since, Duration whole) {
    return since.toMillis() / (double) Math.max(1, whole.toMillis());
  }
}
