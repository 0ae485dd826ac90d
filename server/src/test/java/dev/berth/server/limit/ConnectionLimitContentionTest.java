package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.limit.Admission.Admitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings(
    "ThreadPriorityCheck") // to yield while holding a permit is what makes the others collide
class ConnectionLimitContentionTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = 2_000;
  private static final int HIGHEST = 8;

  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger mostServed = new AtomicInteger();
  private final LongAdder admitted = new LongAdder();

  @Test
  void withoutAQueueNoPermitIsLostAndNoneGivenTwice() throws Exception {
    ConnectionLimit limit = ConnectionLimit.of(HIGHEST);
    underMovingLimit(limit, limit::tryAcquire);
    assertThat(limit.inUse()).isZero();
    assertThat(mostServed.get()).isBetween(1, HIGHEST);
    assertThat(admitted.sum()).isPositive();
  }

  @Test
  void everyoneWhoWaitsIsAdmittedWhenPermitsCome() throws Exception {
    ConnectionLimit limit = ConnectionLimit.of(HIGHEST, THREADS);
    underMovingLimit(limit, () -> limit.acquire(Duration.ofMinutes(5)));
    assertThat(admitted.sum()).isEqualTo((long) THREADS * ROUNDS);
    assertThat(limit.inUse()).isZero();
    assertThat(limit.waiting()).isZero();
    assertThat(mostServed.get()).isBetween(1, HIGHEST);
  }

  @Test
  void waitersWhoGiveUpJustWhenAPermitComesLoseNone() throws Exception {
    ConnectionLimit limit = ConnectionLimit.of(HIGHEST, THREADS / 2);
    underMovingLimit(limit, () -> limit.acquire(Duration.ofNanos(20_000)));
    assertThat(limit.inUse()).isZero();
    assertThat(limit.waiting()).isZero();
    assertThat(mostServed.get()).isBetween(1, HIGHEST);
  }

  @Test
  void interruptedWaitersLoseNoPermit() throws Exception {
    ConnectionLimit limit = ConnectionLimit.of(1, THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> rounds(limit, () -> limit.acquire(Duration.ofMinutes(5)))));
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(limit.inUse()).isZero();
    assertThat(limit.waiting()).isZero();
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
  }

  private void underMovingLimit(ConnectionLimit limit, Supplier<Admission> door) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread mover = Thread.ofPlatform().start(() -> moveUntil(done, limit));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(() -> rounds(limit, door)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      done.set(true);
      mover.join();
    }
  }

  private void rounds(ConnectionLimit limit, Supplier<Admission> door) {
    for (int round = 0; round < ROUNDS; round++) {
      if (door.get() == Admitted.PERMIT) {
        admitted.increment();
        mostServed.accumulateAndGet(served.incrementAndGet(), Math::max);
        Thread.yield();
        served.decrementAndGet();
        limit.release();
      }
    }
  }

  /** Moves the limit between none and the highest, which is in force last. */
  private static void moveUntil(AtomicBoolean done, ConnectionLimit limit) {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    while (!done.get()) {
      limit.move(random.nextInt(HIGHEST + 1));
      Thread.yield();
    }
    limit.move(HIGHEST);
  }
}
