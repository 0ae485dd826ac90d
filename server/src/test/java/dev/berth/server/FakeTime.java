package dev.berth.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A monotonic time that stands still until a test moves it. */
public final class FakeTime implements LongSupplier {
  private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  public void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }
}
