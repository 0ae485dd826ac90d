package dev.berth.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the API server refused of one policy's writes, and when each is tried again: after pauses
 * that grow from one second to ten. Immutable.
 *
 * @param parts what was refused: a pod by its name, or {@link #REPLICAS}
 */
public record Refusals(Map<String, Refusal> parts) {
  /** Nothing was refused. */
  public static final Refusals NONE = new Refusals(Map.of());

  /** Stands for the number of pods; no pod is called so. */
  static final String REPLICAS = "REPLICAS";

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  public Refusals {
    parts = Map.copyOf(parts);
  }

  /**
   * One refusal.
   *
   * @param why what the API server said, or what kept it from saying anything
   * @param pause how long it is not tried
   * @param until when it is tried again
   */
  record Refusal(KubernetesClientException why, Duration pause, Instant until) {
    static Refusal first(KubernetesClientException why, Instant now) {
      return new Refusal(why, SHORTEST, now.plus(SHORTEST));
    }

    Refusal again(KubernetesClientException next, Instant now) {
      Duration longer = pause.multipliedBy(3).dividedBy(2);
      Duration bounded = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
      return new Refusal(next, bounded, now.plus(bounded));
    }
  }

  /** Why a part isn't written yet; absent if it may be. */
  Optional<KubernetesClientException> held(String part, Instant now) {
    return Optional.ofNullable(parts.get(part))
        .filter(refusal -> now.isBefore(refusal.until()))
        .map(Refusal::why);
  }

  /**
   * What is refused after a round in which these parts were, and others may not have been tried.
   */
  Refusals after(Map<String, KubernetesClientException> refused, Instant now) {
    var next = new HashMap<String, Refusal>();
    parts.forEach((part, refusal) -> {
      if (now.isBefore(refusal.until())) {
        next.put(part, refusal);
      }
    });
    refused.forEach((part, why) ->
        next.put(
            part,
            Optional.ofNullable(parts.get(part))
                .map(before -> before.again(why, now))
                .orElseGet(() -> Refusal.first(why, now))));
    return new Refusals(next);
  }

  /** What is refused now and wasn't before. */
  public List<KubernetesClientException> since(Refusals before) {
    return parts.entrySet().stream()
        .filter(each -> !before.parts.containsKey(each.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getValue().why())
        .toList();
  }

  /** Whether nothing is. */
  public boolean isEmpty() {
    return parts.isEmpty();
  }
}
