package dev.berth.operator.observe;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks pods for their metrics over HTTP/1.1, on connections that are kept open from one time to the
 * next. An answer is whole within the deadline (500 ms unless told otherwise) and no larger than 4
 * MiB, or it is a failure with its reason.
 *
 * <p>Pods whose connection is open are all asked first and then heard one after the other by the
 * caller's thread: by then most of the answers are there, and 10,000 of them a second cost little
 * more than their system calls. A pod whose connection has to be opened has a thread of its own, so
 * that no pod waits for another. Of these there are {@value #AT_ONCE} at once, and one that has no
 * turn within the deadline fails too.
 *
 * <p>A pod that said nothing twice is asked apart, {@value #APART} such pods at once and each in
 * its turn: nobody waits for it any more, and it counts as silent until it has answered. So
 * thousands of them take no connection from those that answer.
 *
 * <p>The JDK's HTTP client is no choice here: an answer of 14 KB took 300 µs of processor time with
 * it and takes 65 so, and connections to 2,000 pods didn't fit into a heap of 102 MiB.
 *
 * <p>Safe for any number of threads; the caller's, best a virtual one, waits for the answers.
 */
public final class Scrape implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final Duration LONGEST_UNUSED = Duration.ofMinutes(2);
  private static final int AT_ONCE = 256;
  private static final int APART = 64;
  private static final int PATIENCE = 2;
  private static final int MOST_SPARE = 32;

  private final Duration deadline;
  private final ConcurrentMap<Endpoint, KeptConnection> kept = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<PodAnswer> spare = new ConcurrentLinkedQueue<>();
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Semaphore freeApart = new Semaphore(APART, true);
  private final ConcurrentMap<Endpoint, Silence> silent = new ConcurrentHashMap<>();
  private final Set<Endpoint> askedApart = ConcurrentHashMap.newKeySet();
  private final AtomicLong swept = new AtomicLong(System.nanoTime());
  private volatile boolean closed;

  /** A scrape with the deadline of 500 ms. */
  public Scrape() {
    this(DEADLINE);
  }

  /** A scrape that waits up to {@code deadline} for an answer. */
  public Scrape(Duration deadline) {
    this.deadline = deadline;
  }

  /** What came of asking a pod. */
  public sealed interface Outcome permits Answered, Failed {}

  /** The pod answered. */
  public record Answered(Reading reading) implements Outcome {}

  /** The pod didn't answer, or not with its metrics. {@code why} is a short sentence for people. */
  public record Failed(String why) implements Outcome {}

  /**
   * Asks the pod whose metrics are at {@code metrics}, and waits for the answer up to the deadline.
   */
  public Outcome read(Endpoint metrics) {
    return readAll(Map.of("", metrics)).getOrDefault("", new Failed(noAnswer()));
  }

  /** Asks several pods at once, by name, and waits up to the deadline. */
  public Map<String, Outcome> readAll(Map<String, Endpoint> pods) {
    var outcomes = new ConcurrentHashMap<String, Outcome>();
    var asked = new ArrayList<Asked>(pods.size());
    var opening = new ArrayList<Thread>();
    Deadline all = Deadline.in(deadline);
    pods.forEach((name, metrics) -> {
      if (silent(metrics)) {
        outcomes.put(name, new Failed(noAnswer()));
        askApart(metrics);
      } else {
        ask(name, metrics)
            .ifPresentOrElse(asked::add, () -> opening.add(opening(name, metrics, outcomes)));
      }
    });
    PodAnswer answer = Optional.ofNullable(spare.poll()).orElseGet(PodAnswer::new);
    for (Asked each : asked) {
      try {
        outcomes.put(each.name(), heard(each.metrics(), each.open(), answer, all));
      } catch (Stale ended) {
        opening.add(opening(each.name(), each.metrics(), outcomes));
      }
    }
    giveBack(answer);
    await(opening);
    sweep();
    return Map.copyOf(outcomes);
  }

  /** A pod that said nothing, how often in a row, and when at last. */
  private record Silence(int times, long at) {}

  /** A pod that was asked on a connection that was open. */
  private record Asked(String name, Endpoint metrics, KeptConnection open) {}

  /** The connection was closed while nobody used it, which says nothing of the pod. */
  private static final class Stale extends Exception {
    private static final long serialVersionUID = 1;
  }

  private Optional<Asked> ask(String name, Endpoint metrics) {
    KeptConnection open = kept.get(metrics);
    if (open == null || !open.claim()) {
      return Optional.empty();
    }
    try {
      open.ask(metrics.question());
      return Optional.of(new Asked(name, metrics, open));
    } catch (IOException ended) {
      drop(metrics, open);
      return Optional.empty();
    }
  }

  private void drop(Endpoint metrics, KeptConnection open) {
    kept.remove(metrics, open);
    open.close();
  }

  private Outcome heard(Endpoint metrics, KeptConnection open, PodAnswer answer, Deadline deadline)
      throws Stale {
    try {
      return outcome(metrics, open, answer, deadline);
    } catch (SocketTimeoutException late) {
      drop(metrics, open);
      return silence(metrics);
    } catch (IOException failure) {
      drop(metrics, open);
      if (answer.nothing()) {
        throw new Stale();
      }
      return new Failed(sentence(failure));
    }
  }

  private Outcome outcome(
      Endpoint metrics, KeptConnection open, PodAnswer answer, Deadline deadline)
      throws IOException {
    answer.take(open, deadline);
    silent.remove(metrics);
    if (answer.again()) {
      keep(metrics, open);
    } else {
      drop(metrics, open);
    }
    return answer.status() == 200
        ? answer.read()
        : new Failed("answered with status " + answer.status());
  }

  private Thread opening(String name, Endpoint metrics, Map<String, Outcome> outcomes) {
    return Thread.startVirtualThread(() -> {
      try {
        if (!free.tryAcquire(deadline.toMillis(), MILLISECONDS)) {
          outcomes.put(name, silence(metrics));
          return;
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
      try {
        outcomes.put(name, opened(metrics));
      } finally {
        free.release();
      }
    });
  }

  private boolean silent(Endpoint metrics) {
    Silence silence = silent.get(metrics);
    return silence != null && silence.times() >= PATIENCE;
  }

  private Failed silence(Endpoint metrics) {
    silent.merge(
        metrics,
        new Silence(1, System.nanoTime()),
        (before, now) -> new Silence(before.times() + 1, now.at()));
    return new Failed(noAnswer());
  }

  private void askApart(Endpoint metrics) {
    if (!askedApart.add(metrics)) {
      return;
    }
    var _ =
        Thread.startVirtualThread(() -> {
          freeApart.acquireUninterruptibly();
          try {
            if (!closed) {
              opened(metrics);
            }
          } finally {
            freeApart.release();
            askedApart.remove(metrics);
          }
        });
  }

  private Outcome opened(Endpoint metrics) {
    Deadline whole = Deadline.in(deadline);
    try {
      KeptConnection open = KeptConnection.open(metrics.address(), whole);
      try {
        open.ask(metrics.question());
        return outcome(metrics, open, new PodAnswer(), whole);
      } catch (IOException failure) {
        open.close();
        throw failure;
      }
    } catch (SocketTimeoutException late) {
      return silence(metrics);
    } catch (IOException failure) {
      silent.remove(metrics);
      return new Failed(sentence(failure));
    }
  }

  /** A connection stays where it is while it is owned, so that a round leaves nothing behind. */
  private void keep(Endpoint metrics, KeptConnection open) {
    KeptConnection other = kept.putIfAbsent(metrics, open);
    if (other == null || other == open) {
      open.go();
    } else {
      open.close();
    }
    if (closed) {
      close();
    }
  }

  private void giveBack(PodAnswer answer) {
    if (answer.small() && spare.size() < MOST_SPARE) {
      spare.add(answer);
    }
  }

  private static void await(List<Thread> threads) {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Closes connections to pods that nobody asks any more, and forgets them. */
  private void sweep() {
    long last = swept.get();
    long now = System.nanoTime();
    if (now - last > LONGEST_UNUSED.toNanos() && swept.compareAndSet(last, now)) {
      kept.forEach((metrics, open) -> {
        if (open.unused() > LONGEST_UNUSED.toNanos() && open.claim()) {
          drop(metrics, open);
        }
      });
      silent.values().removeIf(silence -> now - silence.at() > LONGEST_UNUSED.toNanos());
    }
  }

  private String noAnswer() {
    return "no answer in %d ms".formatted(deadline.toMillis());
  }

  private static String sentence(IOException failure) {
    return switch (failure) {
      case IOException io when io.getMessage() != null -> lowerFirst(io.getMessage());
      default -> failure.toString();
    };
  }

  private static String lowerFirst(String message) {
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  /** Closes the connections. What is being asked ends within its deadline. */
  @Override
  public void close() {
    closed = true;
    kept.forEach((metrics, open) -> {
      // One that is owned is dropped by its owner's keep
      if (open.claim()) {
        drop(metrics, open);
      }
    });
  }
}
