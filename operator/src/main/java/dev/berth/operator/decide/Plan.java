package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Scale;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
      int desired,
      boolean panic,
      Instant now) {
    if (desired > wave.staying()) {
      return more(seen, wave, desired);
    }
    Set<String> outOfTurn = wave.outOfTurn(seen);
    if (!outOfTurn.isEmpty()) {
      return new Plan(
          outOfTurn,
          Set.of(),
          new Scale.Keep(),
          Count.pods(outOfTurn.size())
              + " drained no more: others with higher ordinals have come, and would be removed instead");
    }
    Optional<String> forbidden = Guards.removal(seen, panic);
    if (wave.running()) {
      return wave.done(policy.drainTimeout(), now) && forbidden.isEmpty()
          ? new Plan(Set.of(), Set.of(), wave.removal(), wave.sentence(policy.drainTimeout(), now))
          : note(
              wave.sentence(policy.drainTimeout(), now)
                  + forbidden.map(why -> "; " + why).orElse(""));
    }
    if (desired == wave.staying()) {
      return NONE;
    }
    return forbidden.map(Plan::note).orElseGet(() -> fewer(seen, limits, wave, desired));
  }

  /** No change of replicas: what drains serves again, since nothing will remove it. */
  static Plan undo(DrainWave wave) {
    var all = wave.pods().stream().map(Pod::name).collect(Collectors.toUnmodifiableSet());
    return new Plan(all, Set.of(), new Scale.Keep(), "");
  }

  private static Plan more(Observation seen, DrainWave wave, int desired) {
    Set<String> undrain = wave.spared(desired, seen.workload().removal());
    int lacking = desired - wave.staying() - undrain.size();
    Scale scale = lacking > 0 ? new Scale.Up(wave.replicas() + lacking) : new Scale.Keep();
    return new Plan(undrain, Set.of(), scale, "");
  }

  private static Plan fewer(Observation seen, Limits limits, DrainWave wave, int desired) {
    int allowed = seen.workload().disruptionsAllowed().orElse(Integer.MAX_VALUE);
    if (allowed == 0) {
      return note("a PodDisruptionBudget lets no pod go now");
    }
    List<Pod> serving = seen.serving();
    for (int count = Math.min(allowed, wave.staying() - desired); count > 0; count--) {
      Set<String> victims = Victims.of(count, serving, seen.workload().removal());
      if (roomWithout(victims, serving, limits)) {
        return new Plan(Set.of(), victims, new Scale.Keep(), "");
      }
    }
    return note("the remaining pods have no room for the connections of one more");
  }

  private static boolean roomWithout(Set<String> victims, List<Pod> serving, Limits limits) {
    int active = serving.stream().mapToInt(Pod::active).sum();
    int room =
        serving.stream()
            .filter(pod -> !victims.contains(pod.name()))
            .mapToInt(pod -> limits.capacity(pod).orElse(0))
            .sum();
    return victims.size() < serving.size() && active <= room;
  }

  private static Plan note(String note) {
    return new Plan(Set.of(), Set.of(), new Scale.Keep(), note);
  }
}
