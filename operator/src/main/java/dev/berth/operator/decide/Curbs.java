package dev.berth.operator.decide;

import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The pods that enforce a lower limit than they were told, since their server has a bound of its
 * own or doesn't see its annotations: they hold no more, whatever their memory allows.
 *
 * @param limits what each enforces
 * @param reason one sentence with its figures; empty where there are none
 */
record Curbs(Map<String, Integer> limits, String reason) {
  static final Curbs NONE = new Curbs(Map.of(), "");

  /** A pod that has come, or is told a higher limit, follows its annotations within this time. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  Curbs {
    limits = Map.copyOf(limits);
  }

  static Curbs of(Observation seen, History history, Instant now) {
    var limits = new HashMap<String, Integer>();
    for (Pod pod : seen.serving()) {
      if (settled(pod, history, now)) {
        enforced(pod).ifPresent(limit -> limits.put(pod.name(), limit));
      }
    }
    return new Curbs(limits, sentence(seen, limits));
  }

  /** What a pod enforces, where that is less than its mark: what is decided now it can't know. */
  private static OptionalInt enforced(Pod pod) {
    OptionalInt limit = pod.enforced();
    return limit.isPresent() && limit.getAsInt() < pod.marks().limit().orElse(0)
        ? limit
        : OptionalInt.empty();
  }

  private static boolean settled(Pod pod, History history, Instant now) {
    return history
        .pod(pod.name())
        .map(known ->
            longSince(known.life().answered(), now) && longSince(raised(pod, known, now), now))
        .orElse(true);
  }

  private static Optional<Instant> raised(Pod pod, PodHistory known, Instant now) {
    return History.Mark.of(pod, known.mark(), now).map(History.Mark::raised);
  }

  private static boolean longSince(Optional<Instant> since, Instant now) {
    return since.map(at -> !now.isBefore(at.plus(SETTLING))).orElse(false);
  }

  private static String sentence(Observation seen, Map<String, Integer> limits) {
    return seen.serving().stream()
        .filter(pod -> limits.containsKey(pod.name()))
        .min(Comparator.comparing(Pod::name))
        .map(pod ->
            "%s than told: %d instead of %d in %s"
                .formatted(
                    limits.size() == 1
                        ? "1 pod enforces less"
                        : limits.size() + " pods enforce less",
                    limits.get(pod.name()),
                    pod.marks().limit().orElse(0),
                    pod.name()))
        .orElse("");
  }
}
