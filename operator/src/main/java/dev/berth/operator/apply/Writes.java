package dev.berth.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Writes of one decision, of which some may fail: {@value ApiWrites#AT_ONCE} at the same time. What
 * was refused lately isn't tried before its time; once the API server has no time for one pod, or
 * gave no answer for two, no other is written, and the next time {@value #TRIAL} begin.
 *
 * <p>Safe for any number of threads. Closing waits for those that are under way, but for pods
 * without an answer, which were left to themselves.
 */
final class Writes implements AutoCloseable {
  /** As many write at once while no pod could be written the time before. */
  static final int TRIAL = 3;

  private final Runnable permitted;
  private final Refusals before;
  private final Instant now;
  private final ConcurrentMap<String, KubernetesClientException> refused =
      new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<String, KubernetesClientException> missing =
      new ConcurrentSkipListMap<>();
  private final AtomicBoolean unanswered = new AtomicBoolean();
  private final ExecutorService threads;

  /**
   * Writes after these were refused.
   *
   * @param permitted fails once nothing more may be written
   */
  Writes(Runnable permitted, Refusals before, Instant now) {
    this.permitted = permitted;
    this.before = before;
    this.now = now;
    // Each that hangs keeps one from others: whether pods have an answer again, few find out
    this.threads =
        Executors.newFixedThreadPool(
            before.refused(Refusals.PODS) ? TRIAL : ApiWrites.AT_ONCE,
            Thread.ofVirtual().name("writes").factory());
  }

  boolean allWent() {
    return missing.isEmpty();
  }

  /** Why something isn't written: of several the first by name, so that it stays the same. */
  Optional<KubernetesClientException> failure() {
    return Optional.ofNullable(missing.firstEntry()).map(Map.Entry::getValue);
  }

  /** What is refused after these writes, which have come to their end. */
  Refusals refusals(Instant ended) {
    return before.after(refused, now, ended);
  }

  /**
   * Begins a write; whether it is done: not if it fails, if what was to be written is gone, or if
   * it isn't tried. Whoever is interrupted begins none.
   */
  Future<Boolean> begin(String part, BooleanSupplier write) {
    // The threads that write don't know of it
    if (Thread.currentThread().isInterrupted()) {
      missing.put(Refusals.PODS, new KubernetesClientException("interrupted"));
      return CompletableFuture.completedFuture(false);
    }
    return threads.submit(() -> did(part, write));
  }

  /** Waits for a write that was begun. Whoever is interrupted meanwhile ends all of them. */
  boolean done(Future<Boolean> write) {
    try {
      return write.get();
    } catch (InterruptedException ended) {
      threads.shutdownNow();
      missing.put(Refusals.PODS, new KubernetesClientException("interrupted", ended));
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** The pods for which it was done. */
  Set<String> each(Map<String, PodPatch> patches, BiPredicate<String, PodPatch> write) {
    Map<String, Future<Boolean>> begun =
        patches.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    each ->
                        begin(each.getKey(), () -> write.test(each.getKey(), each.getValue()))));
    return begun.entrySet().stream()
        .filter(each -> done(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean did(String part, BooleanSupplier write) {
    if (held(part)) {
      return false;
    }
    try {
      permitted.run();
      return write.getAsBoolean();
    } catch (KubernetesClientException failure) {
      boolean all = !part.equals(Refusals.REPLICAS) && ofAll(failure);
      String kept = all ? Refusals.PODS : part;
      refused.put(kept, failure);
      missing.put(kept, failure);
      return false;
    }
  }

  private boolean held(String part) {
    boolean pod = !part.equals(Refusals.REPLICAS);
    return heldBefore(part)
        || (pod && (refused.containsKey(Refusals.PODS) || heldBefore(Refusals.PODS)));
  }

  /** Whether it's a matter of all pods: that there is no answer may be one of the first alone. */
  private boolean ofAll(KubernetesClientException failure) {
    return failure instanceof ApiWrites.Unanswered
        ? unanswered.getAndSet(true)
        : Refusals.noTime(failure);
  }

  private boolean heldBefore(String part) {
    Optional<KubernetesClientException> why = before.held(part, now);
    why.ifPresent(each -> missing.put(part, each));
    return why.isPresent();
  }

  @Override
  public void close() {
    threads.close();
  }
}
