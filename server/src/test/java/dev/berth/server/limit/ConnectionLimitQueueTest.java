package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionLimitQueueTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void aReleaseAdmitsTheOneWhoWaits() {
    ConnectionLimit limit = full(1, 1);
    CompletableFuture<Admission> waiter = waiting(limit, 1);
    limit.release();
    assertThat(waiter.join()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.inUse()).isEqualTo(1);
  }

  @Test
  void raisingTheLimitAdmitsAsManyAsItGives() {
    ConnectionLimit limit = full(1, 3);
    List<CompletableFuture<Admission>> waiters =
        IntStream.rangeClosed(1, 3).mapToObj(nth -> waiting(limit, nth)).toList();
    limit.move(3);
    assertThat(waiters.get(0).join()).isEqualTo(Admitted.PERMIT);
    assertThat(waiters.get(1).join()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.waiting()).isEqualTo(1);
    assertThat(limit.inUse()).isEqualTo(3);
    limit.move(4);
    assertThat(waiters.get(2).join()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void whoCameFirstIsAdmittedFirst() throws Exception {
    ConnectionLimit limit = full(1, 10);
    BlockingQueue<Integer> admitted = new LinkedBlockingQueue<>();
    for (int nth = 1; nth <= 10; nth++) {
      int me = nth;
      Thread.ofVirtual()
          .start(() -> {
            limit.acquire(LONG);
            admitted.add(me);
          });
      await().until(() -> limit.waiting() == me);
    }
    for (int nth = 1; nth <= 10; nth++) {
      limit.release();
      assertThat(admitted.take()).isEqualTo(nth);
    }
  }

  @Test
  void nobodyOvertakesTheOnesWhoWait() {
    ConnectionLimit limit = full(1, 2);
    CompletableFuture<Admission> first = waiting(limit, 1);
    assertThat(limit.tryAcquire()).isEqualTo(Refused.LIMIT);
    limit.release();
    assertThat(first.join()).isEqualTo(Admitted.PERMIT);
    assertThat(limit.tryAcquire()).isEqualTo(Refused.LIMIT);
  }

  @Test
  void aFullQueueRefusesAtOnce() {
    ConnectionLimit limit = full(1, 1);
    CompletableFuture<Admission> waiter = waiting(limit, 1);
    assertThat(limit.acquire(LONG)).isEqualTo(Refused.LIMIT);
    limit.release();
    assertThat(waiter.join()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void aTimeoutOfZeroDoesNotWait() {
    assertThat(full(1, 1).acquire(Duration.ZERO)).isEqualTo(Refused.LIMIT);
  }

  @Test
  void afterTheTimeoutTheWaiterIsRefusedAndItsPlaceIsFree() {
    ConnectionLimit limit = full(1, 1);
    assertThat(limit.acquire(Duration.ofMillis(1))).isEqualTo(Refused.QUEUE_TIMEOUT);
    assertThat(limit.waiting()).isZero();
    limit.release();
    assertThat(limit.tryAcquire()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void anInterruptedWaiterIsRefusedAndStaysInterrupted() {
    ConnectionLimit limit = full(1, 1);
    Thread.currentThread().interrupt();
    assertThat(limit.acquire(LONG)).isEqualTo(Refused.DRAINING);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(limit.waiting()).isZero();
  }

  @Test
  void aLowerLimitKeepsWaitersWaitingUntilUseIsBelowIt() {
    ConnectionLimit limit = full(2, 1);
    CompletableFuture<Admission> waiter = waiting(limit, 1);
    limit.move(1);
    limit.release();
    assertThat(limit.waiting()).isEqualTo(1);
    limit.release();
    assertThat(waiter.join()).isEqualTo(Admitted.PERMIT);
  }

  @Test
  void theLongestTimeoutThereIsDoesNotOverflow() {
    ConnectionLimit limit = full(1, 1);
    CompletableFuture<Admission> waiter = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> waiter.complete(limit.acquire(Duration.ofSeconds(Long.MAX_VALUE))));
    await().until(() -> limit.waiting() == 1);
    limit.release();
    assertThat(waiter.join()).isEqualTo(Admitted.PERMIT);
  }

  /** A waiter that is seen to wait as the nth. */
  private static CompletableFuture<Admission> waiting(ConnectionLimit limit, int nth) {
    CompletableFuture<Admission> admission = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> admission.complete(limit.acquire(LONG)));
    await().until(() -> limit.waiting() == nth);
    return admission;
  }

  private static ConnectionLimit full(int permits, int queueLength) {
    ConnectionLimit limit = ConnectionLimit.of(permits, queueLength);
    for (int i = 0; i < permits; i++) {
      limit.tryAcquire();
    }
    return limit;
  }
}
