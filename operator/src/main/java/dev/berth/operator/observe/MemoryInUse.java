package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What metrics.k8s.io tells of memory in use, by namespace. It measures each 15 seconds or so,
 * which is why it is asked again {@value #FRESH_SECONDS} seconds after it answered, and after
 * failures in a row later and later, up to {@value #LONGEST_PAUSE_SECONDS}.
 *
 * <p>Safe for any number of threads. One asks for a namespace; the others go by what it brought
 * last, and wait only where it never brought anything.
 */
final class MemoryInUse {
  private static final int FRESH_SECONDS = 5;
  private static final int LONGEST_PAUSE_SECONDS = 30;
  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final LongSupplier stopwatch;
  private final ConcurrentMap<String, Namespace> namespaces = new ConcurrentHashMap<>();

  /**
   * @param stopwatch nanoseconds, as of {@link System#nanoTime}
   */
  MemoryInUse(KubernetesClient client, LongSupplier stopwatch) {
    this.client = client;
    this.stopwatch = stopwatch;
  }

  /**
   * What came of asking.
   *
   * @param at when that was known, by the stopwatch
   * @param failures how many in a row, this one included
   */
  private record Listing(
      long at, Map<String, PodMetrics> pods, Optional<String> failure, int failures) {
    boolean due(long now) {
      int pause =
          failures == 0
              ? FRESH_SECONDS
              : Math.min(LONGEST_PAUSE_SECONDS, FRESH_SECONDS << Math.min(failures - 1, 3));
      return now - at >= Duration.ofSeconds(pause).toNanos();
    }
  }

  /** What came of asking for a container's memory. */
  sealed interface Use permits Bytes, Unlisted, Unknown {}

  /** The working set. */
  record Bytes(long workingSet) implements Use {}

  /** It answered, and had no figure of the pod, as for a minute after a start. */
  record Unlisted() implements Use {}

  /** It didn't answer, and why. */
  record Unknown(String why) implements Use {}

  /**
   * The working set of a container, or of all of a pod's where none is named.
   *
   * @param made when the pod was: what was measured before is of another that had its name
   */
  Use of(String namespace, String pod, Optional<Instant> made, Optional<String> container) {
    Listing listing =
        namespaces.computeIfAbsent(namespace, Namespace::new).listing(stopwatch.getAsLong());
    if (listing.failure().isPresent()) {
      return new Unknown(listing.failure().get());
    }
    OptionalLong bytes =
        Optional.ofNullable(listing.pods().get(pod))
            .filter(metrics -> made.map(since -> !before(metrics, since)).orElse(true))
            .map(metrics -> sum(metrics, container))
            .orElse(OptionalLong.empty());
    return bytes.isPresent() ? new Bytes(bytes.getAsLong()) : new Unlisted();
  }

  /** Whether the time over which it was measured began before {@code made}. */
  private static boolean before(PodMetrics metrics, Instant made) {
    Duration window =
        Optional.ofNullable(metrics.getWindow())
            .map(each -> each.getDuration())
            .orElse(Duration.ZERO);
    try {
      return Optional.ofNullable(metrics.getTimestamp())
          .map(Instant::parse)
          .map(end -> end.minus(window).isBefore(made))
          .orElse(false);
    } catch (DateTimeParseException unreadable) {
      return false;
    }
  }

  private static OptionalLong sum(PodMetrics metrics, Optional<String> container) {
    return metrics.getContainers().stream()
        .filter(each -> container.map(each.getName()::equals).orElse(true))
        .flatMap(each -> Optional.ofNullable(each.getUsage().get("memory")).stream())
        .mapToLong(quantity -> Quantity.getAmountInBytes(quantity).longValue())
        .reduce(Long::sum);
  }

  /** One namespace, and what was last told of it. */
  private final class Namespace {
    private final String name;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<Listing> last = Optional.empty();

    Namespace(String name) {
      this.name = name;
    }

    Listing listing(long now) {
      Optional<Listing> known = last;
      if (known.isPresent() && (!known.get().due(now) || !asking.tryLock())) {
        return known.get();
      }
      if (known.isEmpty()) {
        asking.lock();
      }
      try {
        Optional<Listing> meanwhile = last;
        if (meanwhile.isPresent() && !meanwhile.get().due(now)) {
          return meanwhile.get();
        }
        Listing fresh = ask(meanwhile.map(Listing::failures).orElse(0));
        last = Optional.of(fresh);
        return fresh;
      } finally {
        asking.unlock();
      }
    }

    private Listing ask(int failures) {
      forgetOthers();
      try {
        Map<String, PodMetrics> pods =
            client.top().pods().metrics(name).getItems().stream()
                .collect(
                    Collectors.toMap(each -> each.getMetadata().getName(), Function.identity()));
        return new Listing(stopwatch.getAsLong(), pods, Optional.empty(), 0);
      } catch (KubernetesClientException refused) {
        return new Listing(
            stopwatch.getAsLong(),
            Map.of(),
            Optional.of("metrics.k8s.io can't be asked: " + refused.getMessage()),
            failures + 1);
      }
    }

    /** Of a namespace that nobody asks for any more, nothing is kept. */
    private void forgetOthers() {
      long now = stopwatch.getAsLong();
      namespaces
          .values()
          .removeIf(each ->
              each != this
                  && each.last
                      .filter(listing -> now - listing.at() > FORGOTTEN.toNanos())
                      .isPresent());
    }
  }
}
