package dev.berth.e2e.surge;

import dev.berth.e2e.cluster.Told;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches a workload and its pods from its making to its close, and remembers when what of them
 * changed, by this process's clock. Written by the watches' threads.
 */
final class Witness implements AutoCloseable {
  private static final String LIMIT = "berth.dev/limit";
  private final ConcurrentSkipListMap<String, Life> lives = new ConcurrentSkipListMap<>();
  private final List<Change> replicas = new CopyOnWriteArrayList<>();
  private final List<String> kills = new CopyOnWriteArrayList<>();
  private final Told<Pod> toldPods = new Told<>(this::saw);
  private final Told<Deployment> toldDeployment = new Told<>(this::saw);
  private final Watch pods;
  private final Watch deployment;

  /** A number from a time on, in milliseconds since 1970. */
  record Change(long at, int to) {}

  /**
   * What was seen of a pod.
   *
   * @param limits those written to it
   * @param ready 1 from when it was ready, 0 from when it wasn't
   * @param marked from when it was told to drain
   */
  record Life(List<Change> limits, List<Change> ready, List<Change> marked, List<Change> deleted) {
    Life() {
      this(
          new CopyOnWriteArrayList<>(),
          new CopyOnWriteArrayList<>(),
          new CopyOnWriteArrayList<>(),
          new CopyOnWriteArrayList<>());
    }

    boolean readyAt(long at) {
      return last(ready, at).map(Change::to).equals(Optional.of(1));
    }

    /** Once it was ready, until it is told to drain: full and out of rotation, it serves on. */
    boolean serves(long at) {
      return ready.stream().anyMatch(each -> each.at() <= at && each.to() == 1)
          && deleted.stream().noneMatch(each -> each.at() <= at)
          && last(marked, at).map(Change::to).orElse(0) == 0;
    }
  }

  Witness(Workload workload) {
    pods = workload.watchPods(toldPods);
    deployment = workload.deployment().watch(toldDeployment);
  }

  /** What was seen of each pod, by name. */
  Map<String, Life> lives() {
    return lives;
  }

  /** Whether a pod had become ready, and was not told to drain. */
  boolean serves(String pod, long at) {
    Life life = lives.get(pod);
    return life != null && life.serves(at);
  }

  /** The replicas that the workload was told to have. */
  List<Change> replicas() {
    return replicas;
  }

  /** Containers that ended and were started again, and why: kills for memory above all. */
  List<String> kills() {
    return kills.stream().distinct().toList();
  }

  /** Pods that were deleted without having been told to drain. */
  List<String> removedUndrained() {
    return lives.entrySet().stream()
        .filter(each -> !each.getValue().deleted().isEmpty())
        .filter(each -> {
          long at = each.getValue().deleted().getFirst().at();
          return last(each.getValue().marked(), at).map(Change::to).orElse(0) == 0;
        })
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The last change until {@code at}. */
  static Optional<Change> last(List<Change> changes, long at) {
    return changes.stream().filter(each -> each.at() <= at).reduce((a, b) -> b);
  }

  private void saw(Pod pod) {
    long now = System.currentTimeMillis();
    Life life = lives.computeIfAbsent(pod.getMetadata().getName(), name -> new Life());
    Map<String, String> annotations =
        Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    if (annotations.containsKey(LIMIT)) {
      note(life.limits(), now, Integer.parseInt(annotations.get(LIMIT)));
    }
    note(life.marked(), now, "true".equals(annotations.get("berth.dev/drain")) ? 1 : 0);
    note(life.ready(), now, Readiness.isPodReady(pod) ? 1 : 0);
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      note(life.deleted(), now, 1);
    }
    for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
      if (status.getRestartCount() > 0) {
        var ended = status.getLastState().getTerminated();
        kills.add(
            "%s, restart %d: %s"
                .formatted(
                    pod.getMetadata().getName(),
                    status.getRestartCount(),
                    ended == null ? "unknown" : ended.getReason()));
      }
    }
  }

  private void saw(Deployment seen) {
    note(replicas, System.currentTimeMillis(), seen.getSpec().getReplicas());
  }

  private static void note(List<Change> changes, long at, int to) {
    if (changes.isEmpty() || changes.getLast().to() != to) {
      changes.add(new Change(at, to));
    }
  }

  @Override
  public void close() {
    pods.close();
    deployment.close();
    toldPods.requireAll();
    toldDeployment.requireAll();
  }
}
