package dev.berth.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Writes of one decision, of which some may fail: {@value MergePatch#AT_ONCE} at the same time.
 *
 * <p>Safe for any number of threads. Closing waits for those that are under way.
 */
final class Writes implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(MergePatch.AT_ONCE, Thread.ofVirtual().name("writes").factory());
  // guarded by this
  private Optional<KubernetesClientException> failure = Optional.empty();

  /** The first failure so far, with the others suppressed. */
  synchronized Optional<KubernetesClientException> failure() {
    return failure;
  }

  boolean allWent() {
    return failure().isEmpty();
  }

  /** Begins a write; whether it is done: not if it fails, or if what was to be written is gone. */
  CompletableFuture<Boolean> begin(BooleanSupplier write) {
    return CompletableFuture.supplyAsync(() -> did(write), threads);
  }

  /** The pods for which it was done. */
  Set<String> each(Map<String, PodPatch> patches, BiPredicate<String, PodPatch> write) {
    Map<String, CompletableFuture<Boolean>> begun =
        patches.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    each ->
                        begin(() -> write.test(each.getKey(), each.getValue()))));
    return begun.entrySet().stream()
        .filter(each -> each.getValue().join())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean did(BooleanSupplier write) {
    try {
      return write.getAsBoolean();
    } catch (KubernetesClientException another) {
      failed(another);
      return false;
    }
  }

  private synchronized void failed(KubernetesClientException another) {
    failure.ifPresentOrElse(
        first -> first.addSuppressed(another), () -> failure = Optional.of(another));
  }

  @Override
  public void close() {
    threads.close();
  }
}
