package dev.berth.operator.apply;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.observe.Target;
import dev.berth.operator.observe.Targets;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Carries out what was decided: pods are added, and each pod is told its limit, its mark of
 * rotation and to serve again, all at the same time; then pods are drained, then removed. What
 * fails on one pod keeps no other from its limit or from serving again, and no pod from being
 * added; it keeps every pod from being drained or removed.
 *
 * <p>Safe for any number of threads.
 */
public final class Execution {
  private final ApiWrites api;
  private final PodMarks marks;
  private final Replication replication;
  private final InstantSource clock;

  /**
   * Writes with {@code marks} and {@code client}, as long as {@code api} may, and tells {@code
   * targets} what came of it.
   *
   * @param clock the one that rounds begin by
   */
  public Execution(
      KubernetesClient client,
      ApiWrites api,
      PodMarks marks,
      Targets targets,
      InstantSource clock) {
    this.api = api;
    this.marks = marks;
    this.replication = new Replication(client, api, targets);
    this.clock = clock;
  }

  /**
   * Carries it out as far as the API server lets it.
   *
   * @param seen what it was decided from
   * @param refused what it refused in the rounds before
   */
  public Carried carryOut(
      Observer.Seen seen, Actions actions, long generation, Refusals refused, Instant now) {
    if (actions.isEmpty()) {
      return new Carried(actions, false, refused.after(Map.of(), now, now), Optional.empty());
    }
    Target target = seen.target();
    String namespace = target.namespace();
    try (var writes = new Writes(api::check, refused, now)) {
      var added =
          writes.begin(
              Refusals.REPLICAS,
              () ->
                  actions.scale() instanceof Scale.Up(int replicas)
                      && replication.set(target, replicas));
      Map<String, PodPatch> wanted = patches(seen, actions, generation);
      Set<String> told = writes.each(wanted, (pod, patch) -> marks.write(namespace, pod, patch));
      boolean up = writes.done(added);
      Set<String> drained =
          writes.allWent()
              ? writes.each(
                  alike(seen, actions.drain(), patch -> patch.drain(now)),
                  (pod, patch) -> marks.write(namespace, pod, patch))
              : Set.of();
      boolean set =
          switch (actions.scale()) {
            case Scale.Keep() -> true;
            case Scale.Up ignored -> up;
            case Scale.Remove(int replicas, var pods) ->
                writes.allWent()
                    && chosen(writes, seen, pods)
                    && writes.done(
                        writes.begin(Refusals.REPLICAS, () -> replication.set(target, replicas)));
          };
      var done =
          new Actions(
              actions.limits().entrySet().stream()
                  .filter(each -> told.contains(each.getKey()))
                  .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)),
              both(actions.leave(), told),
              both(actions.stay(), told),
              both(actions.undrain(), told),
              drained,
              set ? actions.scale() : new Scale.Keep());
      return new Carried(
          done, !set && writes.allWent(), writes.refusals(clock.instant()), writes.failure());
    }
  }

  /** What pods that stay are told, in one patch for each. */
  private Map<String, PodPatch> patches(Observer.Seen seen, Actions actions, long generation) {
    String namespace = seen.target().namespace();
    var patches = new HashMap<String, PodPatch>();
    Function<String, PodPatch> of = pod -> patches.computeIfAbsent(pod, name -> patch(seen, name));
    actions.limits().forEach((pod, limit) -> of.apply(pod).limit(limit, generation));
    actions.leave().forEach(pod -> of.apply(pod).leaveWhenFull(true));
    actions.stay().forEach(pod -> of.apply(pod).leaveWhenFull(false));
    actions.undrain().forEach(pod -> of.apply(pod).without(marks.drain(namespace, pod)));
    return patches;
  }

  /** The same for each of these pods. */
  private static Map<String, PodPatch> alike(
      Observer.Seen seen, Set<String> pods, UnaryOperator<PodPatch> what) {
    return pods.stream()
        .collect(Collectors.toMap(Function.identity(), pod -> what.apply(patch(seen, pod))));
  }

  private static PodPatch patch(Observer.Seen seen, String pod) {
    return new PodPatch(Objects.requireNonNull(seen.uids().get(pod)));
  }

  private static Set<String> both(Set<String> some, Set<String> others) {
    return some.stream().filter(others::contains).collect(Collectors.toUnmodifiableSet());
  }

  /** Makes sure that exactly these pods go. Whether all of them are still there. */
  private boolean chosen(Writes writes, Observer.Seen seen, Set<String> pods) {
    String namespace = seen.target().namespace();
    return switch (seen.observation().workload().removal()) {
      case CHEAPEST_FIRST ->
          writes
              .each(
                  alike(seen, pods, PodPatch::first),
                  (pod, patch) -> marks.first(namespace, pod, patch))
              .containsAll(pods);
      case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE -> true;
      case UNKNOWN -> false;
    };
  }
}
