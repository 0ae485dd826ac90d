package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The change of replicas that this round makes.
 *
 * @param note what holds it, or how a drain stands; empty when there is nothing to say
 */
record Plan(Set<String> undrain, Set<String> drain, Scale scale, String note) {
  static final Plan NONE = new Plan(Set.of(), Set.of(), new Scale.Keep(), "");

  static Plan of(
      Policy policy,
      Observation seen,
      Limits limits,
      DrainWave wave,
      Lost lost,
      Replicas replicas,
      boolean panic,
      Instant now) {
    int desired = replicas.desired();
    if (desired > wave.staying()) {
      return more(seen, wave, desired);
    }
    if (seen.workload().removal() == Workload.Removal.UNKNOWN) {
      return undo(wave);
    }
    Set<String> outOfTurn = wave.outOfTurn(seen, lost.vacant());
    if (!outOfTurn.isEmpty()) {
      return new Plan(
          outOfTurn,
          Set.of(),
          new Scale.Keep(),
          Count.pods(outOfTurn.size())
              + " drained no more: others "
              + switch (seen.workload().removal()) {
                case CHEAPEST_FIRST, UNKNOWN -> "aren't running";
                case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE ->
                    "with higher ordinals have come";
              }
              + ", and would be removed instead");
    }
    if (wave.running()) {
      // Those that drain help nobody who is refused: they serve again if they are wanted, or go on.
      boolean wanted = Math.min(replicas.raw(), policy.maxReplicas()) > wave.staying();
      return emptying(policy, seen, wave, Guards.removal(seen, lost, panic && wanted), now);
    }
    if (desired == wave.staying()) {
      return NONE;
    }
    return Guards.removal(seen, lost, panic)
        .map(Plan::note)
        .orElseGet(() -> fewer(policy, seen, limits, wave, lost, desired));
  }

  /** No change of replicas: what drains serves again, since nothing will remove it. */
  static Plan undo(DrainWave wave) {
    var all = wave.pods().stream().map(Pod::name).collect(Collectors.toUnmodifiableSet());
    return new Plan(all, Set.of(), new Scale.Keep(), "");
  }

  private static Plan emptying(
      Policy policy, Observation seen, DrainWave wave, Optional<String> forbidden, Instant now) {
    String sentence = wave.sentence(policy.drainTimeout(), now);
    if (forbidden.isPresent() || !wave.done(policy.drainTimeout(), now)) {
      return note(sentence + forbidden.map(why -> "; " + why).orElse(""));
    }
    return wave.firstToGo(seen, policy.drainTimeout(), now)
        ? new Plan(Set.of(), Set.of(), wave.removal(), sentence)
        : note(
            sentence
                + "; they are ready still, and others that aren't, or may not be, would be removed"
                + " instead");
  }

  private static Plan more(Observation seen, DrainWave wave, int desired) {
    Set<String> undrain = wave.spared(desired, seen.workload().removal());
    int lacking = desired - wave.staying() - undrain.size();
    Scale scale = lacking > 0 ? new Scale.Up(wave.replicas() + lacking) : new Scale.Keep();
    return new Plan(undrain, Set.of(), scale, "");
  }

  private static Plan fewer(
      Policy policy, Observation seen, Limits limits, DrainWave wave, Lost lost, int desired) {
    int allowed = seen.workload().disruptionsAllowed().orElse(Integer.MAX_VALUE);
    List<Pod> serving = seen.serving();
    List<Pod> first =
        Victims.inOrder(
            Stream.concat(serving.stream(), lost.vacant().stream()).toList(),
            seen.workload().removal());
    int most = Math.min(first.size(), seen.workload().removal().together(wave.staying() - desired));
    double room = serving.stream().mapToDouble(pod -> capacity(pod, limits)).sum();
    double active = seen.pods().stream().mapToDouble(Pod::active).sum();
    double enough = enough(policy);
    int rest = serving.size();
    int count = 0;
    for (int i = 0; i < most; i++) {
      Pod next = first.get(i);
      room -= capacity(next, limits);
      rest -= next.observed().isPresent() ? 1 : 0;
      // A budget is of pods that are ready
      if (rest > 0 && serving.size() - rest <= allowed && active <= enough * room) {
        count = i + 1;
      }
    }
    if (count > 0) {
      var victims = first.stream().limit(count).map(Pod::name);
      return new Plan(
          Set.of(), victims.collect(Collectors.toUnmodifiableSet()), new Scale.Keep(), "");
    }
    return note(
        allowed == 0
            ? "a PodDisruptionBudget lets no pod go now"
            : "the remaining pods have no room for the connections of one more");
  }

  /** What a pod that serves can hold. */
  private static int capacity(Pod pod, Limits limits) {
    return pod.observed().isPresent() ? limits.capacity(pod).orElse(0) : 0;
  }

  /**
   * The part of what those that stay can hold themselves at which they need no further pod: as
   * those that go may hold more than others, they would else be drained and undone for ever.
   */
  private static double enough(Policy policy) {
    double target = policy.connections().targetUtilization() / 100.0;
    return Math.min(1, target * (1 + policy.behavior().scaleUp().tolerance()));
  }

  private static Plan note(String note) {
    return new Plan(Set.of(), Set.of(), new Scale.Keep(), note);
  }
}
