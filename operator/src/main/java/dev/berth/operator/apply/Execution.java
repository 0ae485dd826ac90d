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
import java.util.function.Consumer;

/**
 * Carries out what was decided, in this order: limits, rotation, undrain, drain, scale. What fails
 * on one pod keeps no other from its limit, and keeps every pod from being drained or removed.
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

  /** What came of it. */
  public enum Outcome {
    /** All was done, and the number of pods stayed. */
    DONE,
    /** All was done, and the number of pods changed. */
    SCALED,
    /** Somebody else changed pods or replicas meanwhile: to be decided anew. */
    OVERTAKEN
  }

  /**
   * Carries it out.
   *
   * @throws KubernetesClientException if the API server can't be asked, or refuses
   */
  public Outcome carryOut(
      Target target, Removal removal, Actions actions, long generation, Instant now) {
    String namespace = target.namespace();
    each(
        actions.limits().keySet(),
        pod -> marks.limit(namespace, pod, actions.limits().getOrDefault(pod, 0), generation));
    each(actions.leave(), pod -> marks.leaveWhenFull(namespace, pod, true));
    each(actions.stay(), pod -> marks.leaveWhenFull(namespace, pod, false));
    each(actions.undrain(), pod -> marks.undrain(namespace, pod));
    each(actions.drain(), pod -> marks.drain(namespace, pod, now));
    return switch (actions.scale()) {
      case Scale.Keep() -> Outcome.DONE;
      case Scale.Up(int replicas) -> scaled(replication.set(target, replicas));
      case Scale.Remove(int replicas, var pods) ->
          scaled(chosen(namespace, removal, pods) && replication.set(target, replicas));
    };
  }

  /** Makes sure that exactly these pods go. Whether all of them are still there. */
  private boolean chosen(String namespace, Removal removal, Collection<String> pods) {
    return switch (removal) {
      case CHEAPEST_FIRST -> pods.stream().allMatch(pod -> marks.first(namespace, pod));
      case HIGHEST_ORDINAL_FIRST -> true;
    };
  }

  private static Outcome scaled(boolean set) {
    return set ? Outcome.SCALED : Outcome.OVERTAKEN;
  }

  /** Does it for each pod, and then tells the first failure, if there was one. */
  private static void each(Collection<String> pods, Consumer<String> write) {
    KubernetesClientException first = null;
    for (String pod : pods) {
      try {
        write.accept(pod);
      } catch (KubernetesClientException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
