package dev.berth.operator.local;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * A wave of real connections that comes and goes: clients that keep a connection open and ask
 * something every few seconds, each on a virtual thread of its own.
 *
 * <p>Its own thread starts clients as the shape wants them; a client whose number is above what is
 * wanted leaves. The counts are written by the clients and read by anyone.
 */
final class Wave implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(50);

  private final InetSocketAddress server;
  private final WaveShape shape;
  private final Counts counts = new Counts();
  private final AtomicInteger wanted = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final RandomGenerator chance;
  private final Queue<Thread> clientThreads = new ConcurrentLinkedQueue<>();
  private volatile Optional<Long> startedNanos = Optional.empty();
  private volatile Optional<State> last = Optional.empty();

  Wave(InetSocketAddress server, WaveShape shape, RandomGenerator chance) {
    this.server = server;
    this.shape = shape;
    this.chance = chance;
  }

  /** What became of connections and requests. */
  static final class Counts {
    /** Connections open now. */
    final AtomicInteger open = new AtomicInteger();

    /** Whole answers. */
    final LongAdder served = new LongAdder();

    /** Whole 503s. */
    final LongAdder refused = new LongAdder();

    /** Connections that could not be opened. */
    final LongAdder unreached = new LongAdder();

    /** Requests without a whole answer, and connections that were reset. */
    final LongAdder broken = new LongAdder();
  }

  /**
   * How a wave stands.
   *
   * @param wanted connections that are to be open now
   * @param open connections that are
   */
  record State(
      WaveShape.Phase phase,
      Duration since,
      int peak,
      int wanted,
      int open,
      long served,
      long refused,
      long unreached,
      long broken) {}

  /** Begins; once. */
  void start() {
    if (startedNanos.isEmpty()) {
      startedNanos = Optional.of(System.nanoTime());
      Thread.ofPlatform().daemon().name("wave").start(this::run);
    }
  }

  State state() {
    return last.orElseGet(this::now);
  }

  private State now() {
    return new State(
        startedNanos.isEmpty() ? WaveShape.Phase.WAITING : shape.phase(since()),
        since(),
        shape.peak(),
        wanted.get(),
        counts.open.get(),
        counts.served.sum(),
        counts.refused.sum(),
        counts.unreached.sum(),
        counts.broken.sum());
  }

  private Duration since() {
    return startedNanos
        .map(start -> Duration.ofNanos(System.nanoTime() - start))
        .orElse(Duration.ZERO);
  }

  private void run() {
    int clients = 0;
    try {
      do {
        wanted.set(shape.wanted(since()));
        while (clients < wanted.get()) {
          int number = clients++;
          var client = new WaveClient(server, counts, () -> wanted.get() > number, chance);
          clientThreads.add(Thread.ofVirtual().start(client));
        }
      } while (shape.phase(since()) != WaveShape.Phase.OVER
          && !closed.await(STEP.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      wanted.set(0);
    }
  }

  /** Ends at once: every connection is closed, whatever it waits for, and no longer counted. */
  @Override
  public void close() {
    last = Optional.of(state());
    closed.countDown();
    wanted.set(0);
    clientThreads.forEach(Thread::interrupt);
  }
}
