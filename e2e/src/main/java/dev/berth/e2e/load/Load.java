package dev.berth.e2e.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * As many clients as are wanted, each with one connection at a time: it asks every 2 s or so, and a
 * second after its connection was ended or refused it opens the next.
 *
 * <p>Clients are numbered from 0; those at or above the wanted number close theirs, between two
 * requests, and end. Safe for any number of threads.
 */
public final class Load implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long STEP = Duration.ofMillis(20).toNanos();

  private final InetSocketAddress server;
  private final RandomGenerator random;
  private final Tally tally = new Tally();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentSkipListSet<Integer> running = new ConcurrentSkipListSet<>();
  private volatile Ramp ramp = new Ramp(0, 0, System.nanoTime(), Duration.ZERO);
  private volatile boolean closed;
  // written by the thread that steps alone
  private volatile int wanted;

  /**
   * @param random gives the jitter; safe for use by many threads, as {@link java.util.Random} is
   */
  public Load(InetSocketAddress server, RandomGenerator random) {
    this.server = server;
    this.random = random;
    threads.execute(this::step);
  }

  /** So many clients, evenly more or fewer until {@code within} has passed. */
  public void connections(int count, Duration within) {
    ramp = new Ramp(wanted, count, System.nanoTime(), within);
  }

  /** What they have seen so far. */
  public Counts counts() {
    return tally.counts();
  }

  /** Ends all clients, and returns when they have. */
  @Override
  public void close() {
    closed = true;
    threads.close();
  }

  /** Follows the ramp, and counts how long how many were wanted and served. */
  private void step() {
    long before = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(STEP);
      long now = System.nanoTime();
      tally.passed(now - before, wanted);
      before = now;
      int next = ramp.at(now);
      int last = wanted;
      wanted = next;
      for (int number = last; number < next; number++) {
        if (running.add(number)) {
          int client = number;
          threads.execute(() -> client(client));
        }
      }
    }
    wanted = 0;
  }

  private void client(int number) {
    do {
      while (number < wanted) {
        Ending ending =
            new Conversation(server, tally, this::interval, () -> number >= wanted).run();
        tally.ended(ending);
        if (number < wanted) {
          LockSupport.parkNanos(jittered(RETRY).toNanos());
        }
      }
      running.remove(number);
      // wanted again in between: whoever adds the number runs it
    } while (number < wanted && running.add(number));
  }

  private Duration interval() {
    return jittered(INTERVAL);
  }

  /** Within a quarter of {@code around}, either way. */
  private Duration jittered(Duration around) {
    return Duration.ofNanos((long) (around.toNanos() * random.nextDouble(0.75, 1.25)));
  }
}
