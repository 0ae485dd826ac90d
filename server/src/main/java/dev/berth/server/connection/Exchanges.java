package dev.berth.server.connection;

import dev.berth.server.http1.Exchange;
import dev.berth.server.http1.Wire;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that connections borrow while they have something to read or say. As many are made
 * as are needed at once; a bounded number is kept for the next borrower, the others are left to the
 * collector. Safe for any number of threads, without a lock.
 */
final class Exchanges {
  private static final int KEPT = 128;
  private static final int TRIES = 8;

  private final AtomicReferenceArray<@Nullable Exchange> kept = new AtomicReferenceArray<>(KEPT);
  private final AtomicInteger lent = new AtomicInteger();
  private final Supplier<Exchange> make;

  Exchanges(Supplier<Exchange> make) {
    this.make = make;
  }

  /** Lends one; whoever borrows it gives it back. */
  Exchange borrow(Wire wire, InetSocketAddress peer) {
    lent.incrementAndGet();
    try {
      Exchange exchange = take();
      exchange.lend(wire, peer);
      return exchange;
    } catch (OutOfMemoryError none) {
      lent.decrementAndGet();
      throw none;
    }
  }

  private Exchange take() {
    int first = place();
    for (int step = 0; step < TRIES; step++) {
      Exchange exchange = kept.getAndSet((first + step) % KEPT, null);
      if (exchange != null) {
        return exchange;
      }
    }
    return make.get();
  }

  void giveBack(Exchange exchange) {
    int first = place();
    try {
      exchange.reclaim();
    } catch (OutOfMemoryError full) {
      // Whoever had it is done with it, and one more is left to the collector.
      return;
    } finally {
      lent.decrementAndGet();
    }
    if (exchange.shared()) {
      return;
    }
    for (int step = 0; step < TRIES; step++) {
      if (kept.compareAndSet((first + step) % KEPT, null, exchange)) {
        return;
      }
    }
  }

  /** Whether a connection that only waits may keep what it has borrowed. */
  boolean canSpare() {
    return lent.get() <= KEPT;
  }

  // Threads that run at the same time rarely count the same number lent, so they rarely meet at one
  // place.
  private int place() {
    return (lent.get() & Integer.MAX_VALUE) % KEPT;
  }
}
