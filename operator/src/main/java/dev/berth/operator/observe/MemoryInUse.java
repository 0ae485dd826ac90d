package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What metrics.k8s.io tells of memory in use, by namespace. It measures each 15 seconds or so,
 * which is why it is asked each {@value #FRESH_SECONDS} seconds at most.
 *
 * <p>Safe for any number of threads.
 */
final class MemoryInUse {
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final ConcurrentMap<String, Listing> listings = new ConcurrentHashMap<>();

  MemoryInUse(KubernetesClient client) {
    this.client = client;
  }

  private record Listing(Instant at, Map<String, PodMetrics> pods, Optional<String> failure) {}

  /** What came of asking for a container's memory. */
  sealed interface Use permits Bytes, Unlisted, Unknown {}

  /** The working set. */
  record Bytes(long workingSet) implements Use {}

  /** It answered, and had no figure of the pod, as for a minute after a start. */
  record Unlisted() implements Use {}

  /** It didn't answer, and why. */
  record Unknown(String why) implements Use {}

  /** The working set of a container, or of all of a pod's where none is named. */
  Use of(String namespace, String pod, Optional<String> container, Instant now) {
    Listing listing =
        listings.compute(
            namespace,
            (key, before) ->
                before != null && now.isBefore(before.at().plus(FRESH)) ? before : ask(key, now));
    if (listing.at().equals(now)) {
      // Of a namespace that nobody asks for any more, nothing is kept
      listings.values().removeIf(each -> each.at().plus(FORGOTTEN).isBefore(now));
    }
    if (listing.failure().isPresent()) {
      return new Unknown(listing.failure().get());
    }
    OptionalLong bytes =
        Optional.ofNullable(listing.pods().get(pod))
            .map(metrics -> sum(metrics, container))
            .orElse(OptionalLong.empty());
    return bytes.isPresent() ? new Bytes(bytes.getAsLong()) : new Unlisted();
  }

  private static OptionalLong sum(PodMetrics metrics, Optional<String> container) {
    return metrics.getContainers().stream()
        .filter(each -> container.map(each.getName()::equals).orElse(true))
        .flatMap(each -> Optional.ofNullable(each.getUsage().get("memory")).stream())
        .mapToLong(quantity -> Quantity.getAmountInBytes(quantity).longValue())
        .reduce(Long::sum);
  }

  private Listing ask(String namespace, Instant now) {
    try {
      Map<String, PodMetrics> pods =
          client.top().pods().metrics(namespace).getItems().stream()
              .collect(Collectors.toMap(each -> each.getMetadata().getName(), Function.identity()));
      return new Listing(now, pods, Optional.empty());
    } catch (KubernetesClientException refused) {
      return new Listing(
          now, Map.of(), Optional.of("metrics.k8s.io can't be asked: " + refused.getMessage()));
    }
  }
}
