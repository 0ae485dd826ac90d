package dev.berth.operator.apply;

import dev.berth.operator.apply.StatusPace.Worth;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statuses on their way to the API server. A round leaves its status here and goes on: however slow
 * the API server is, no round waits for a status, and of each policy the newest alone is written.
 *
 * <p>Changes go before figures that moved ({@link StatusPace}); {@value #AT_ONCE} are under way at
 * once, and {@value #PER_SECOND} begin in a second at most. One that can't be written is left to a
 * later round ({@link StatusPlace#RETRY_SECONDS}).
 *
 * <p>Safe for any number of threads; the rounds of one policy come one at a time.
 */
public final class StatusQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusQueue.class);
  private static final int AT_ONCE = 8;
  private static final int PER_SECOND = 100;
  private static final long BETWEEN = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final StatusWrite write;
  private final InstantSource clock;
  private final Consumer<Duration> delay;
  private final ConcurrentMap<String, StatusPlace> places = new ConcurrentHashMap<>();
  private final AtomicLong arrivals = new AtomicLong();
  private final AtomicLong nextAt = new AtomicLong(System.nanoTime());
  private final ThreadPoolExecutor writers =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          0,
          TimeUnit.SECONDS,
          new PriorityBlockingQueue<>(),
          Thread.ofVirtual().name("statuses").factory(),
          // A round that ends after the queue was closed
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * A queue of statuses.
   *
   * @param write writes them
   * @param clock the one that rounds begin by
   * @param delay is told how long after its round began a status was written
   */
  public StatusQueue(StatusWrite write, InstantSource clock, Consumer<Duration> delay) {
    this.write = write;
    this.clock = clock;
    this.delay = delay;
  }

  /** Takes the newest status of a policy, to be written if and when it is worth it. */
  public void offer(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant now) {
    StatusPlace place =
        places.computeIfAbsent(policy.getMetadata().getUid(), uid -> StatusPlace.of(policy));
    place
        .offer(new StatusPlace.Report(policy, status, now), places.size())
        .ifPresent(worth -> writers.execute(new Turn(place, worth, arrivals.incrementAndGet())));
  }

  /** Lets go of a policy that is gone. */
  public void forget(String uid) {
    places.remove(uid);
  }

  /** How many statuses wait to be written. */
  public int waiting() {
    return writers.getQueue().size();
  }

  /** Whether none is under way, and none waits. */
  boolean idle() {
    return writers.getActiveCount() == 0 && waiting() == 0;
  }

  /** Writes what waits, as far as it gets within {@code patience}, and takes no more. */
  public void close(Duration patience) {
    writers.shutdown();
    try {
      if (!writers.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        close();
      }
    } catch (InterruptedException ended) {
      close();
      Thread.currentThread().interrupt();
    }
  }

  /** Drops what waits, and takes no more. */
  @Override
  public void close() {
    writers.shutdownNow();
  }

  private void awaitTurn() {
    long now = System.nanoTime();
    long turn = nextAt.getAndUpdate(next -> Math.max(next, now) + BETWEEN);
    LockSupport.parkNanos(turn - now);
  }

  /** A place in the queue: changes first, and then by arrival. */
  private final class Turn implements Runnable, Comparable<Turn> {
    private static final Comparator<Turn> ORDER =
        Comparator.comparing((Turn turn) -> turn.worth)
            .reversed()
            .thenComparingLong(turn -> turn.arrival);

    private final StatusPlace place;
    private final Worth worth;
    private final long arrival;

    Turn(StatusPlace place, Worth worth, long arrival) {
      this.place = place;
      this.worth = worth;
      this.arrival = arrival;
    }

    @Override
    public int compareTo(Turn other) {
      return ORDER.compare(this, other);
    }

    @Override
    public void run() {
      awaitTurn();
      place.take().ifPresent(this::write);
    }

    private void write(StatusPlace.Report report) {
      try {
        write.write(report.policy(), report.status());
        place.written(report);
        delay.accept(Duration.between(report.at(), clock.instant()));
      } catch (RuntimeException failure) {
        if (place.failed(report)) {
          LOG.warn("A status isn't written, and will be later: {}", String.valueOf(failure));
        } else {
          LOG.debug("Again a status isn't written", failure);
        }
      }
    }
  }
}
