package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.limit.Admission.Admitted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever happens in whatever order, nobody waits while a permit is free, and those who wait are
 * admitted in the order they came.
 */
final class ConnectionLimitFairnessTest {
  private static final int PLACES = 5;
  private static final Duration LONG = Duration.ofMinutes(5);

  /** What happens to a limit with a queue. */
  sealed interface Act {
    /** Somebody comes, and waits if need be. */
    record Arrive() implements Act {}

    /** Somebody comes who does not wait. */
    record Try() implements Act {}

    record Release() implements Act {}

    record Move(int limit) implements Act {}
  }

  @Property(tries = 200)
  void nobodyWaitsForAFreePermitAndTheFirstGoesFirst(@ForAll("acts") List<Act> acts)
      throws Exception {
    ConnectionLimit limit = ConnectionLimit.of(1, PLACES);
    Queue<CompletableFuture<Admission>> line = new ArrayDeque<>();
    int use = 0;
    for (Act act : acts) {
      switch (act) {
        case Act.Arrive() when line.size() < PLACES -> line.add(arrive(limit, use, line.size()));
        case Act.Arrive() -> assertThat(limit.acquire(LONG)).isEqualTo(Admission.Refused.LIMIT);
        case Act.Try() -> {
          boolean free = line.isEmpty() && use < limit.limit();
          assertThat(limit.tryAcquire() == Admitted.PERMIT).isEqualTo(free);
          use += free ? 1 : 0;
        }
        case Act.Release() -> {
          if (use > 0) {
            limit.release();
            use--;
          }
        }
        case Act.Move(int target) -> limit.move(target);
      }
      while (!line.isEmpty() && use < limit.limit()) {
        assertThat(line.remove().get(20, TimeUnit.SECONDS)).isEqualTo(Admitted.PERMIT);
        use++;
      }
      assertThat(limit.inUse()).isEqualTo(use);
      assertThat(limit.waiting()).isEqualTo(line.size());
      assertThat(line).noneMatch(CompletableFuture::isDone);
    }
    limit.move(Integer.MAX_VALUE);
    for (CompletableFuture<Admission> waiter : line) {
      assertThat(waiter.get(20, TimeUnit.SECONDS)).isEqualTo(Admitted.PERMIT);
    }
  }

  /** Starts somebody who waits, and returns when that can be seen. */
  private static CompletableFuture<Admission> arrive(ConnectionLimit limit, int use, int waiting) {
    CompletableFuture<Admission> admission = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> admission.complete(limit.acquire(LONG)));
    while (limit.inUse() == use && limit.waiting() == waiting) {
      Thread.onSpinWait();
    }
    return admission;
  }

  @Provide
  Arbitrary<List<Act>> acts() {
    Arbitrary<Act> act =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.just(new Act.Arrive())),
            Tuple.of(2, Arbitraries.just(new Act.Try())),
            Tuple.of(4, Arbitraries.just(new Act.Release())),
            Tuple.of(2, Arbitraries.integers().between(0, 4).map(Act.Move::new)));
    return act.list().ofMaxSize(40);
  }
}
