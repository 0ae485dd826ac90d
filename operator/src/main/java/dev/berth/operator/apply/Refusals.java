package dev.berth.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the API server refused of one policy's writes, and when each is tried again: after pauses
 * that grow from one second to ten, and not before the API server says. Immutable.
 *
 * @param parts what was refused: a pod by its name, {@link #REPLICAS}, or {@link #PODS}
 */
public record Refusals(Map<String, Refusal> parts) {
  /** Nothing was refused. */
  public static final Refusals NONE = new Refusals(Map.of());

  /** Stands for the number of pods; no pod is called so. */
  static final String REPLICAS = "REPLICAS";

  /** Stands for all pods, while the API server has no time for any. */
  static final String PODS = "PODS";

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(1);

  // No answer, too many requests, and what proxies and the API server say when they have no time
  private static final Set<Integer> NO_TIME = Set.of(0, 429, 502, 503, 504);

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
    static Refusal of(KubernetesClientException why, Duration pause, Instant now) {
      Duration asked = askedFor(why);
      return new Refusal(why, pause, now.plus(asked.compareTo(pause) > 0 ? asked : pause));
    }

    Refusal again(KubernetesClientException next, Instant now) {
      Duration longer = pause.multipliedBy(3).dividedBy(2);
      return of(next, longer.compareTo(LONGEST) > 0 ? LONGEST : longer, now);
    }
  }

  /** Whether it was no matter of what was asked, so that nothing else need be asked now. */
  static boolean noTime(KubernetesClientException refused) {
    return NO_TIME.contains(refused.getCode());
  }

  private static Duration askedFor(KubernetesClientException refused) {
    Duration asked =
        Optional.ofNullable(refused.getStatus())
            .flatMap(status -> Optional.ofNullable(status.getDetails()))
            .flatMap(details -> Optional.ofNullable(details.getRetryAfterSeconds()))
            .map(Duration::ofSeconds)
            .orElse(Duration.ZERO);
    return asked.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : asked;
  }

  /** Whether a part was refused the last time it was tried. */
  boolean refused(String part) {
    return parts.containsKey(part);
  }

  /** Why a part isn't written yet; absent if it may be. */
  Optional<KubernetesClientException> held(String part, Instant now) {
    return Optional.ofNullable(parts.get(part))
        .filter(refusal -> now.isBefore(refusal.until()))
        .map(Refusal::why);
  }

  /**
   * What is refused after a round in which these parts were, and others may not have been tried.
   *
   * @param began when the round did: what was held then, wasn't tried in it
   * @param ended from when on the pauses of what was refused count
   */
  Refusals after(Map<String, KubernetesClientException> refused, Instant began, Instant ended) {
    var next = new HashMap<String, Refusal>();
    parts.forEach((part, refusal) -> {
      if (began.isBefore(refusal.until())) {
        next.put(part, refusal);
      }
    });
    refused.forEach((part, why) ->
        next.put(
            part,
            Optional.ofNullable(parts.get(part))
                .map(before -> before.again(why, ended))
                .orElseGet(() -> Refusal.of(why, SHORTEST, ended))));
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
