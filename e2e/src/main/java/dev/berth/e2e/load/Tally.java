package dev.berth.e2e.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Counts as it goes what the clients see. Written by all of their threads. */
final class Tally {
  private static final int REASONS = 20;

  private final AtomicLong open = new AtomicLong();
  private final AtomicLong served = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong graceful = new AtomicLong();
  private final AtomicLong unreachable = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();
  private final ConcurrentLinkedQueue<String> why = new ConcurrentLinkedQueue<>();

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  void served() {
    served.incrementAndGet();
  }

  void ended(Ending ending) {
    switch (ending) {
      case Ending.Ours _ -> {}
      case Ending.Graceful _ -> graceful.incrementAndGet();
      case Ending.Refused _ -> refused.incrementAndGet();
      case Ending.Unreachable(String reason) -> {
        unreachable.incrementAndGet();
        note("unreachable: " + reason);
      }
      case Ending.Broken(String reason) -> {
        broken.incrementAndGet();
        note("broken: " + reason);
      }
    }
  }

  Counts counts() {
    return new Counts(
        open.get(),
        served.get(),
        refused.get(),
        graceful.get(),
        unreachable.get(),
        broken.get(),
        List.copyOf(new ArrayList<>(why)));
  }

  // a few more than REASONS may get in at once, which does no harm
  private void note(String reason) {
    if (why.size() < REASONS) {
      why.add(reason);
    }
  }
}
