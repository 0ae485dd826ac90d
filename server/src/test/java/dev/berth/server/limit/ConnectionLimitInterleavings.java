package dev.berth.server.limit;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The limit under a model checker, which runs each scenario in as many interleavings of its threads
 * as it can find: {@code make interleavings}.
 */
final class ConnectionLimitInterleavings {
  private static final int INTERLEAVINGS = 1_000;
  private static final Duration LONG = Duration.ofDays(1);

  /**
   * What any threads do to one limit. Each result has to be one that two plain integers would give
   * in some order of the calls: then no permit is lost, none given twice, and none given that the
   * limit at that moment does not allow.
   */
  @Param(name = "limit", gen = IntGen.class, conf = "0:3")
  public static class Limit {
    private final ConnectionLimit limit = ConnectionLimit.of(2);

    @Operation
    public boolean tryAcquire() {
      return limit.tryAcquire() == Admitted.PERMIT;
    }

    @Operation
    public boolean release() {
      try {
        limit.release();
        return true;
      } catch (IllegalStateException neverTaken) {
        return false;
      }
    }

    @Operation
    public void move(@Param(name = "limit") int target) {
      limit.move(target);
    }

    @Operation
    public int excess() {
      return limit.excess();
    }

    @Operation
    public int inUse() {
      return limit.inUse();
    }
  }

  /** The same, without threads. */
  public static class TwoIntegers {
    private int limit = 2;
    private int use;

    public boolean tryAcquire() {
      boolean free = use < limit;
      use += free ? 1 : 0;
      return free;
    }

    public boolean release() {
      boolean taken = use > 0;
      use -= taken ? 1 : 0;
      return taken;
    }

    public void move(int target) {
      limit = target;
    }

    public int excess() {
      return Math.max(0, use - limit);
    }

    public int inUse() {
      return use;
    }
  }

  @Test
  void everyInterleavingBehavesAsTwoIntegersWould() {
    new ModelCheckingOptions()
        .sequentialSpecification(TwoIntegers.class)
        .threads(3)
        .actorsPerThread(3)
        .iterations(20)
        .invocationsPerIteration(INTERLEAVINGS)
        .check(Limit.class);
  }

  @Test
  void underStressItBehavesAsTwoIntegersWould() {
    new StressOptions()
        .sequentialSpecification(TwoIntegers.class)
        .threads(4)
        .actorsPerThread(4)
        .iterations(20)
        .invocationsPerIteration(INTERLEAVINGS)
        .check(Limit.class);
  }

  @Test
  void aReleaseIsNeverMissedByTheOneWhoWaits() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          ConnectionLimit limit = full(1);
          Waiters waiters = Waiters.start(1, () -> limit.acquire(LONG));
          limit.release();
          require(waiters.results().equals(List.of(Admitted.PERMIT)));
          require(limit.inUse() == 1);
          require(limit.waiting() == 0);
        });
  }

  @Test
  void aRaisedLimitReachesAllWhoWait() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          ConnectionLimit limit = full(0);
          Waiters waiters = Waiters.start(2, () -> limit.acquire(LONG));
          limit.move(2);
          require(waiters.results().equals(List.of(Admitted.PERMIT, Admitted.PERMIT)));
          require(limit.inUse() == 2);
          require(limit.waiting() == 0);
        });
  }

  @Test
  void aPermitGoesFromOneWhoWaitedToTheNext() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          ConnectionLimit limit = full(0);
          Waiters waiters =
              Waiters.start(
                  2,
                  () -> {
                    Admission admission = limit.acquire(LONG);
                    limit.release();
                    return admission;
                  });
          limit.move(1);
          require(waiters.results().equals(List.of(Admitted.PERMIT, Admitted.PERMIT)));
          require(limit.inUse() == 0);
          require(limit.waiting() == 0);
        });
  }

  @Test
  void aWaiterWhoIsInterruptedJustWhenThePermitComesLosesNone() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          ConnectionLimit limit = full(1);
          Waiters waiters = Waiters.start(1, () -> limit.acquire(LONG));
          waiters.interrupt();
          limit.release();
          Admission admission = waiters.results().getFirst();
          require(admission == Admitted.PERMIT || admission == Refused.DRAINING);
          require(limit.inUse() == (admission == Admitted.PERMIT ? 1 : 0));
          require(limit.waiting() == 0);
        });
  }

  // AssertJ's own objects would be run in all their interleavings too.
  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("in this interleaving it does not hold");
    }
  }

  private static ConnectionLimit full(int permits) {
    ConnectionLimit limit = ConnectionLimit.of(permits, 2);
    for (int permit = 0; permit < permits; permit++) {
      limit.tryAcquire();
    }
    return limit;
  }

  /** Threads that wait for a permit, and what they get. */
  private static final class Waiters {
    private final Admission[] results;
    private final List<Thread> threads;

    private Waiters(int count, Supplier<Admission> wait) {
      results = new Admission[count];
      threads =
          IntStream.range(0, count)
              .mapToObj(nth -> new Thread(() -> results[nth] = wait.get()))
              .toList();
    }

    static Waiters start(int count, Supplier<Admission> wait) {
      Waiters waiters = new Waiters(count, wait);
      waiters.threads.forEach(Thread::start);
      return waiters;
    }

    void interrupt() {
      threads.forEach(Thread::interrupt);
    }

    List<Admission> results() {
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException impossible) {
          throw new AssertionError(impossible);
        }
      }
      return List.of(results);
    }
  }
}
