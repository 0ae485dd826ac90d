package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Refusals;
import dev.berth.operator.apply.StatusReport;
import dev.berth.operator.decide.History;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the operator knows of each policy from one round to the next, by the policy's uid. After a
 * restart it begins with what the status tells.
 *
 * <p>Safe for any number of threads; a policy's own entry is written by its rounds, which come one
 * at a time.
 */
final class Memory {
  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  /**
   * What is known of one policy.
   *
   * @param namespace the policy's
   * @param name the policy's
   * @param target the uid of the workload governed; absent before this process has seen one
   * @param history what the last decision left
   * @param refusals what the API server refused of its writes
   * @param status the status as last reported, without its pods
   */
  record Entry(
      String namespace,
      String name,
      Optional<String> target,
      History history,
      Refusals refusals,
      ConnectionPolicyStatus status) {
    Entry with(History next, Refusals refused) {
      return new Entry(namespace, name, target, next, refused, status);
    }

    Entry with(ConnectionPolicyStatus next) {
      return new Entry(namespace, name, target, history, refusals, next);
    }

    /** What is known of the workload with this uid, which may be another than before. */
    Entry of(String uid) {
      boolean other = target.map(before -> !before.equals(uid)).orElse(false);
      return new Entry(
          namespace,
          name,
          Optional.of(uid),
          other ? history.ofAnother() : history,
          other ? Refusals.NONE : refusals,
          status);
    }
  }

  Entry of(ConnectionPolicy policy) {
    return Optional.ofNullable(entries.get(policy.getMetadata().getUid()))
        .orElseGet(() -> resumed(policy));
  }

  private static Entry resumed(ConnectionPolicy policy) {
    ConnectionPolicyStatus status =
        Optional.ofNullable(policy.getStatus()).orElse(ConnectionPolicyStatus.NONE);
    return new Entry(
        policy.getMetadata().getNamespace(),
        policy.getMetadata().getName(),
        Optional.empty(),
        History.resumed(status.cost(), status.limit(), StatusReport.episodes(status)),
        Refusals.NONE,
        status);
  }

  void put(ConnectionPolicy policy, Entry entry) {
    entries.put(policy.getMetadata().getUid(), entry);
  }

  Set<String> uids() {
    return Set.copyOf(entries.keySet());
  }

  Optional<Entry> forget(String uid) {
    return Optional.ofNullable(entries.remove(uid));
  }
}
