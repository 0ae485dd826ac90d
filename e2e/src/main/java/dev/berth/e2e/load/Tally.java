package dev.berth.e2e.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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
  private final AtomicLong wantedNanos = new AtomicLong();
  private final AtomicLong heldNanos = new AtomicLong();
  private volatile int wanted;
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

  /** So many clients wanted a connection for so long, and as many had one as are open now. */
  void passed(long nanos, int clients) {
    wanted = clients;
    wantedNanos.addAndGet(nanos * clients);
    heldNanos.addAndGet(nanos * Math.min(clients, open.get()));
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
        wanted,
        TimeUnit.NANOSECONDS.toMillis(wantedNanos.get()),
        TimeUnit.NANOSECONDS.toMillis(heldNanos.get()),
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
