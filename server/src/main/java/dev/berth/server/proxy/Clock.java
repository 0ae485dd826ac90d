package dev.berth.server.proxy;

import dev.berth.server.log.Mishap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of a proxy that looks at the time: has the upstream looked at, ten times a second.
 */
final class Clock implements Runnable {
  private static final Mishap FAILED_LOOK =
      new Mishap(Clock.class, "a look at the upstream's connections failed; the next follows");
  private static final long ROUND_MILLIS = 100;

  private final Upstream upstream;
  private volatile boolean stopped;

  private Clock(Upstream upstream) {
    this.upstream = upstream;
  }

  static Clock start(Upstream upstream) {
    Clock clock = new Clock(upstream);
    Thread.ofPlatform().daemon().name("berth-upstream-clock").start(clock);
    return clock;
  }

  @Override
  public void run() {
    while (!stopped) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS));
      try {
        upstream.look();
      } catch (RuntimeException | Error failure) {
        FAILED_LOOK.log(failure);
      }
    }
  }

  void stop() {
    stopped = true;
  }
}
