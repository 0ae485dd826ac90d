package dev.berth.operator.apply;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Workload.Removal;
import dev.berth.operator.observe.Target;
import dev.berth.operator.observe.Targets;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Carries out what was decided, in this order: limits and rotation, undrain, drain, scale. What
 * fails on one pod keeps no other from its limit or from serving again, and no pod from being
 * added; it keeps every pod from being drained or removed.
 *
 * <p>Safe for any number of threads.
 */
public final class Execution {
  private final PodMarks marks;
  private final Replication replication;

  /** Writes with {@code marks} and {@code client}, and tells {@code targets} what came of it. */
  public Execution(KubernetesClient client, PodMarks marks, Targets targets) {
    this.marks = marks;
    this.replication = new Replication(client, targets);
  }

  /** Carries it out as far as the API server lets it. */
  public Carried carryOut(
      Target target, Removal removal, Actions actions, long generation, Instant now) {
    String namespace = target.namespace();
    var writes = new Writes();
    Set<String> told =
        writes.each(actions.told(), pod -> marks.tell(namespace, pod, actions, generation));
    var limits = new HashMap<>(actions.limits());
    limits.keySet().retainAll(told);
    Set<String> undrain = writes.each(actions.undrain(), pod -> marks.undrain(namespace, pod));
    Set<String> drain =
        writes.allWent()
            ? writes.each(actions.drain(), pod -> marks.drain(namespace, pod, now))
            : Set.of();
    boolean set =
        switch (actions.scale()) {
          case Scale.Keep() -> true;
          case Scale.Up(int replicas) -> writes.did(() -> replication.set(target, replicas));
          case Scale.Remove(int replicas, var pods) ->
              writes.allWent()
                  && writes.did(
                      () -> chosen(namespace, removal, pods) && replication.set(target, replicas));
        };
    Scale scale = set ? actions.scale() : new Scale.Keep();
    return new Carried(
        new Actions(
            limits, both(actions.leave(), told), both(actions.stay(), told), undrain, drain, scale),
        !set && writes.allWent(),
        writes.failure);
  }

  private static Set<String> both(Set<String> pods, Set<String> others) {
    return pods.stream().filter(others::contains).collect(Collectors.toUnmodifiableSet());
  }

  /** Makes sure that exactly these pods go. Whether all of them are still there. */
  private boolean chosen(String namespace, Removal removal, Collection<String> pods) {
    return switch (removal) {
      case CHEAPEST_FIRST -> pods.stream().allMatch(pod -> marks.first(namespace, pod));
      case HIGHEST_ORDINAL_FIRST, HIGHEST_ORDINALS_AT_ONCE -> true;
    };
  }

  /** Writes of one decision, one after the other, of which some may fail. */
  private static final class Writes {
    private Optional<KubernetesClientException> failure = Optional.empty();

    boolean allWent() {
      return failure.isEmpty();
    }

    /** Whether it was done: not if it failed, or if what was to be written is gone. */
    boolean did(BooleanSupplier write) {
      try {
        return write.getAsBoolean();
      } catch (KubernetesClientException another) {
        failure.ifPresentOrElse(
            first -> first.addSuppressed(another), () -> failure = Optional.of(another));
        return false;
      }
    }

    /** The pods for which it was done. */
    Set<String> each(Collection<String> pods, Predicate<String> write) {
      return pods.stream()
          .filter(pod -> did(() -> write.test(pod)))
          .collect(Collectors.toUnmodifiableSet());
    }
  }
}
