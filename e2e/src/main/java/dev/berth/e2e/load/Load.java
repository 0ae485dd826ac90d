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

  private final InetSocketAddress server;
  private final RandomGenerator random;
  private final Tally tally = new Tally();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentSkipListSet<Integer> running = new ConcurrentSkipListSet<>();
  private volatile int wanted;

  /**
   * @param random gives the jitter; safe for use by many threads, as {@link java.util.Random} is
   */
  public Load(InetSocketAddress server, RandomGenerator random) {
    this.server = server;
    this.random = random;
  }

  /** From now on there are so many clients. Those that come are spread over half a second. */
  public void connections(int count) {
    wanted = count;
    for (int client = 0; client < count; client++) {
      if (running.add(client)) {
        int number = client;
        threads.execute(() -> client(number));
      }
    }
  }

  /** What they have seen so far. */
  public Counts counts() {
    return tally.counts();
  }

  /** Ends all clients, and returns when they have. */
  @Override
  public void close() {
    wanted = 0;
    threads.close();
  }

  private void client(int number) {
    LockSupport.parkNanos(random.nextLong(500_000_000));
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
