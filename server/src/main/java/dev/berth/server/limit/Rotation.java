package dev.berth.server.limit;

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
 * <p>The distance between the two keeps it from going in and out with every client. Safe for any
 * number of threads.
 */
public final class Rotation {
  private static final int FULL_PERCENT = 95;
  private static final int ROOM_PERCENT = 85;

  private final ConnectionLimit limit;
  private volatile boolean mayLeave;
  // guarded by this
  private boolean out;

  /** In rotation, and bound to stay there until {@link #mayLeave} says otherwise. */
  public Rotation(ConnectionLimit limit) {
    this.limit = limit;
  }

  /** Says whether it may leave while it is full. */
  public void mayLeave(boolean may) {
    mayLeave = may;
  }

  /** Whether it is out of rotation, as of now. */
  public synchronized boolean out() {
    long used = 100L * limit.inUse();
    out = mayLeave && used >= (long) (out ? ROOM_PERCENT : FULL_PERCENT) * limit.limit();
    return out;
  }
}
