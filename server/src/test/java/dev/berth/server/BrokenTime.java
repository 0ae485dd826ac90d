package dev.berth.server;

import java.util.function.LongSupplier;

/** A monotonic time that can't be told as long as a test wants that. */
public final class BrokenTime implements LongSupplier {
  private final LongSupplier whole;
  private volatile boolean broken;

  public BrokenTime(LongSupplier whole) {
    this.whole = whole;
  }

  public void broken(boolean now) {
    broken = now;
  }

  @Override
  public long getAsLong() {
    if (broken) {
      throw new IllegalStateException("on purpose");
    }
    return whole.getAsLong();
  }
}
