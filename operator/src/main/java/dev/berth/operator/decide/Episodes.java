package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Event.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The states that begin and end: pressure, pods that can't be observed, a conflict. The beginning
 * is told at once, also of each pod that joins later; the end once, when it is sure.
 *
 * <pre>
 *          holds                        away for {@code QUIET}, and that can be seen
 *  (none) ───────► episode: told ──────────────────────────────────────► told as ended
 *                    ▲       │
 *                    └───────┘ comes and goes, or can't be known: nothing is told
 * </pre>
 *
 * @param open the episodes that go on after this round
 * @param events what this round tells of them
 */
record Episodes(Map<Condition.Type, Episode> open, List<Event> events) {
  /** How long pressure, and want of metrics, must stay away to have ended. */
  static final Duration QUIET = Duration.ofSeconds(30);

  private static final int MOST_NAMED = 3;

  /**
   * The episodes after this round.
   *
   * @param held whether nothing may be changed, so that nobody writes the limits
   */
  static Episodes of(
      Policy policy, Observation seen, Limits limits, boolean held, History history, Instant now) {
    var told = new Teller(policy, seen, limits, held, history, now);
    told.pressure();
    told.metrics();
    told.conflict();
    return new Episodes(Map.copyOf(told.open), List.copyOf(told.events));
  }

  /** Tells one round of them. */
  private static final class Teller {
    final Policy policy;
    final Observation seen;
    final Limits limits;
    final boolean held;
    final History history;
    final Instant now;
    final Map<Condition.Type, Episode> open = new EnumMap<>(Condition.Type.class);
    final List<Event> events = new ArrayList<>();

    Teller(
        Policy policy,
        Observation seen,
        Limits limits,
        boolean held,
        History history,
        Instant now) {
      this.policy = policy;
      this.seen = seen;
      this.limits = limits;
      this.held = held;
      this.history = history;
      this.now = now;
    }

    void pressure() {
      Set<String> pressed = names(pod -> PodLimits.pressed(pod, policy));
      Set<String> killed = names(this::killed);
      var both = new TreeSet<>(pressed);
      both.addAll(killed);
      Set<String> joined = joined(Condition.Type.PRESSURE, pressed);
      joined.removeAll(killed);
      if (!joined.isEmpty()) {
        tell(
            Kind.PRESSURE,
            "%d %% of memory or more in use: %s"
                .formatted(policy.memory().pressureUtilization(), some(joined, this::memory)));
      }
      for (Pod pod : sorted(killed)) {
        tell(
            Kind.PRESSURE,
            pod.name()
                + " was killed for want of memory"
                + (held
                    ? ""
                    : ", and takes at most %d connections until it has recovered"
                        .formatted(limits.allowed(pod).orElse(0))));
      }
      // A pod that can't be seen may be under pressure still.
      boolean known = seen.missing().isEmpty() && anyObserved();
      ended(Condition.Type.PRESSURE, both, known, QUIET)
          .ifPresent(episode ->
              tell(
                  Kind.PRESSURE_EASED,
                  "no pod uses %d %% of its memory or more any longer%s%s"
                      .formatted(
                          policy.memory().pressureUtilization(),
                          episode.lasted(),
                          after(some(observed(episode), this::memory)))));
    }

    // A pod may fill its memory and be killed for it between two looks at it.
    private boolean killed(Pod pod) {
      return PodLimits.killedSince(pod, history.pod(pod.name()))
          && limits.cuts().containsKey(pod.name());
    }

    private String memory(Pod pod) {
      String use =
          "%s (%s of %s"
              .formatted(
                  pod.name(),
                  Bytes.of(pod.observed().map(Pod.Observed::workingSet).orElse(0L)),
                  Bytes.of(pod.memoryLimit().orElse(0)));
      int most = limits.common().orElse(0);
      int allowed = limits.allowed(pod).orElse(most);
      return allowed < most && !held
          ? use + ", at most %d of %d connections while it recovers)".formatted(allowed, most)
          : use + ")";
    }

    void metrics() {
      Set<String> missing = names(pod -> pod.state() instanceof Pod.Missing);
      Set<String> joined = joined(Condition.Type.METRICS_AVAILABLE, missing);
      if (!joined.isEmpty()) {
        tell(
            Kind.METRICS_MISSING,
            "%d of %d pods can't be observed: %s"
                .formatted(
                    missing.size(),
                    seen.pods().size(),
                    some(joined, pod -> pod.name() + ": " + ((Pod.Missing) pod.state()).why())));
      }
      ended(Condition.Type.METRICS_AVAILABLE, missing, anyObserved(), QUIET)
          .ifPresent(episode ->
              tell(
                  Kind.METRICS_BACK,
                  "%s observed and none is missing any longer%s%s"
                      .formatted(
                          Count.podsAre(names(pod -> pod.observed().isPresent()).size()),
                          episode.lasted(),
                          after(
                              some(
                                  observed(episode),
                                  pod ->
                                      "%s with %d connections"
                                          .formatted(pod.name(), pod.active()))))));
    }

    void conflict() {
      Set<String> who =
          seen.workload().conflict().map(each -> Set.of(each.sentence())).orElse(Set.of());
      joined(Condition.Type.CONFLICT, who).forEach(each -> tell(Kind.CONFLICT, each));
      ended(Condition.Type.CONFLICT, who, true, Duration.ZERO)
          .ifPresent(episode ->
              tell(
                  Kind.CONFLICT_RESOLVED,
                  "no conflict any longer%s%s"
                      .formatted(
                          episode.lasted(),
                          after(String.join("; ", new TreeSet<>(episode.about()))))));
    }

    /** Those that it holds of and that weren't told of; none where a process before did that. */
    private Set<String> joined(Condition.Type type, Set<String> holds) {
      var joined = new TreeSet<>(holds);
      Optional<Episode> before = before(type);
      before.map(Episode::about).ifPresent(joined::removeAll);
      if (before.isPresent() && firstRound()) {
        joined.clear();
      }
      return joined;
    }

    /**
     * Carries a state's episode on, or ends it.
     *
     * @param holds what the state holds of now; empty if it doesn't
     * @param known whether it can be told that it holds no more
     * @return the episode that ended now
     */
    private Optional<Episode> ended(
        Condition.Type type, Set<String> holds, boolean known, Duration quiet) {
      Optional<Episode> before = before(type);
      if (!holds.isEmpty()) {
        open.put(type, before.orElse(new Episode(Optional.of(now), now, holds)).with(holds, now));
        return Optional.empty();
      }
      // What a new process hasn't looked at for long enough isn't over for it.
      Optional<Episode> still =
          firstRound() ? before.map(episode -> episode.with(Set.of(), now)) : before;
      boolean over =
          known
              && !firstRound()
              && still.map(episode -> !now.isBefore(episode.last().plus(quiet))).orElse(false);
      if (over) {
        return still;
      }
      still.ifPresent(episode -> open.put(type, episode));
      return Optional.empty();
    }

    /**
     * The episode that goes on; what ended before a new process looked was told by the one before.
     */
    private Optional<Episode> before(Condition.Type type) {
      return history
          .episode(type)
          .filter(episode ->
              !firstRound()
                  || episode.since().isPresent()
                  || now.isBefore(episode.last().plus(QUIET)));
    }

    private boolean firstRound() {
      return history.at().isEmpty();
    }

    private boolean anyObserved() {
      return seen.pods().stream().anyMatch(pod -> pod.observed().isPresent());
    }

    private Set<String> names(Predicate<Pod> condition) {
      return seen.pods().stream()
          .filter(condition)
          .map(Pod::name)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Pod> sorted(Set<String> pods) {
      return seen.pods().stream()
          .filter(pod -> pods.contains(pod.name()))
          .sorted(Comparator.comparing(Pod::name))
          .toList();
    }

    private Set<String> observed(Episode episode) {
      return names(pod -> episode.about().contains(pod.name()) && pod.observed().isPresent());
    }

    /** The first few of these pods in words, and how many more there are. */
    private String some(Set<String> pods, Function<Pod, String> words) {
      String first =
          sorted(pods).stream().limit(MOST_NAMED).map(words).collect(Collectors.joining("; "));
      int more = pods.size() - MOST_NAMED;
      return more > 0 ? first + "; and " + Count.pods(more) + " more" : first;
    }

    private static String after(String sentence) {
      return sentence.isEmpty() ? "" : ": " + sentence;
    }

    private void tell(Kind kind, String message) {
      events.add(new Event(kind, message));
    }
  }
}
