package dev.berth.e2e;

import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Told;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches a workload's pods from its making to its close, and remembers which were told to drain,
 * and which were deleted without. Written by the watch's thread.
 */
final class PodsSeen implements AutoCloseable {
  private final Set<String> drained = ConcurrentHashMap.newKeySet();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();
  private final Set<String> removedUndrained = ConcurrentHashMap.newKeySet();
  private final Told<Pod> told = new Told<>(this::saw);
  private final Watch watch;

  PodsSeen(Workload workload) {
    watch = workload.watchPods(told);
  }

  /** Every pod whose deletion was asked for, drained or not. */
  Set<String> removed() {
    return new TreeSet<>(removed);
  }

  /** Those of them that weren't marked as draining when it was. */
  Set<String> removedUndrained() {
    return new TreeSet<>(removedUndrained);
  }

  /** Every pod that was marked as draining. */
  Set<String> drained() {
    return new TreeSet<>(drained);
  }

  /** Waits until a pod is marked so. */
  void awaitDrain() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !drained.isEmpty());
  }

  private void saw(Pod pod) {
    String name = pod.getMetadata().getName();
    boolean marked =
        Optional.ofNullable(pod.getMetadata().getAnnotations())
            .map(annotations -> "true".equals(annotations.get("berth.dev/drain")))
            .orElse(false);
    if (marked) {
      drained.add(name);
    }
    if (pod.getMetadata().getDeletionTimestamp() != null && removed.add(name) && !marked) {
      removedUndrained.add(name);
    }
  }

  @Override
  public void close() {
    watch.close();
    told.requireAll();
  }
}
