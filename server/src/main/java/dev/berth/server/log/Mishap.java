package dev.berth.server.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Something that can go wrong on a thread that has to go on, and what the log says of it. A log is
 * anybody's code, and may fail at what it is told: which would end that thread.
 *
 * <p>To be made in time, as a constant: the first use of even a literal asks the heap for room.
 * Safe for any number of threads.
 */
public final class Mishap {
  private final Logger log;
  private final String what;

  /** An error of which {@code who} says that. */
  public Mishap(Class<?> who, String what) {
    this.log = System.getLogger(who.getName());
    this.what = what;
  }

  /** Says that it has happened, and why; unless the log fails. */
  public void log(Throwable why) {
    try {
      log.log(Level.ERROR, what, why);
    } catch (RuntimeException | Error unsaid) {
      // Whoever says it has more to do, and this would be said to the same log.
    }
  }
}
