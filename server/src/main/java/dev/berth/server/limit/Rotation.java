package dev.berth.server.limit;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a server wants new connections sent to it. One that is full leaves its Service's
 * rotation, if it may, by not being ready: connections then go to others that have room, and those
 * it has it goes on serving.
 *
 * <pre>
 *                {@value #FULL_PERCENT} % of the limit, and it may leave
 *  (in rotation) ──────────────────────────────────────► (out of it)
 *        ▲                                                    │
 *        └───── below {@value #ROOM_PERCENT} %, or it may not any more ◄─────┘
 * </pre>
 *
 * <p>The distance between the two keeps it from going in and out with every client.
 *
 * <p>Until its probe and the Service have found out, connections are sent to it that it has no
 * permit for, while others have some. For {@value #MARGIN_SECONDS} seconds from when it became
 * full, it admits them, up to {@value #MARGIN_PERCENT} % more than its limit, or than it held if
 * those were more, and so refuses fewer. What it so holds above its limit is shed like all that is
 * above a lowered one.
 *
 * <p>Safe for any number of threads.
 */
public final class Rotation {
  private static final int FULL_PERCENT = 95;
  private static final int ROOM_PERCENT = 85;
  private static final int MARGIN_PERCENT = 3;
  private static final int MARGIN_SECONDS = 3;

  private final ConnectionLimit limit;
  private final LongSupplier nanoTime;
  private volatile boolean mayLeave;
  // these three guarded by this; 0: it was never out
  private boolean out;
  private long outSinceNanos;
  private long most;

  private Rotation(ConnectionLimit limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /** In rotation, and bound to stay there until {@link #mayLeave} says otherwise. */
  public static Rotation of(ConnectionLimit limit) {
    return of(limit, System::nanoTime);
  }

  static Rotation of(ConnectionLimit limit, LongSupplier nanoTime) {
    var rotation = new Rotation(limit, nanoTime);
    limit.margin(rotation::margin);
    return rotation;
  }

  /** Says whether it may leave while it is full. */
  public void mayLeave(boolean may) {
    mayLeave = may;
  }

  /** Whether it is out of rotation, as of now. */
  public synchronized boolean out() {
    look(limit.inUse(), limit.limit());
    return out;
  }

  private void look(long used, long full) {
    boolean before = out;
    out = mayLeave && 100 * used >= (out ? ROOM_PERCENT : FULL_PERCENT) * full;
    if (out && !before) {
      outSinceNanos = nanoTime.getAsLong();
      most = Math.max(used, full) * (100 + MARGIN_PERCENT) / 100;
    }
  }

  private synchronized int margin(int used, int full) {
    look(used, full);
    boolean open =
        full > 0 && nanoTime.getAsLong() - outSinceNanos < TimeUnit.SECONDS.toNanos(MARGIN_SECONDS);
    return open ? Math.clamp(most - full, 0, Integer.MAX_VALUE) : 0;
  }
}
