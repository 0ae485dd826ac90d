package dev.berth.server.http1;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the heads of all requests take together beyond what each connection is counted
 * with. It is bounded, since the longest head times the most connections is many heaps: clients
 * that send much of a head and never its end would fill it. Once it is taken, long heads are
 * refused until others are done with theirs; those of ordinary length are not.
 *
 * <p>Safe for any number of threads.
 */
public final class LargeHeads {
  /** Those that are bounded by other means. */
  static final LargeHeads UNBOUNDED = new LargeHeads(Integer.MAX_VALUE, Long.MAX_VALUE);

  private final int own;
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * A bound that nothing is taken of yet.
   *
   * @param own the bytes of each connection's head that don't count
   * @param most the bytes that all heads may take beyond them
   */
  public LargeHeads(int own, long most) {
    this.own = own;
    this.most = most;
  }

  /** Takes note that a head takes so many bytes, and no longer as many as before. */
  void resized(int before, int after) {
    int change = beyond(after) - beyond(before);
    if (change != 0) {
      taken.addAndGet(change);
    }
  }

  /** Whether a head of so many bytes, which are taken already, is to be refused. */
  boolean refuses(int bytes) {
    return bytes > own && taken.get() > most;
  }

  /** What is taken of it, in bytes. */
  long taken() {
    return taken.get();
  }

  private int beyond(int bytes) {
    return Math.max(0, bytes - own);
  }
}
