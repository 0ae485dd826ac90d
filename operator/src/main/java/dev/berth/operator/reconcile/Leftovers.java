package dev.berth.operator.reconcile;

import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.PodMarks;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What deleted policies leave behind: pods lose the operator's annotations, keep the limits they
 * have, and serve again if they were told to drain; what was remembered and measured is let go of.
 *
 * <p>This takes the place of a finalizer. A finalizer would do it once, before the policy is gone,
 * and keep the policy from ever going where the operator went first, as when both are uninstalled
 * together; this does it whenever the operator is there, for policies deleted while it wasn't too,
 * and for policies that now name another target.
 */
final class Leftovers implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Cluster cluster;
  private final MarkedPods marked;
  private final PodMarks marks;
  private final Memory memory;
  private final Cadence cadence;
  private final Events events;
  private final StatusQueue statuses;
  private final PolicyMetrics metrics;

  Leftovers(
      Cluster cluster,
      MarkedPods marked,
      PodMarks marks,
      Memory memory,
      Cadence cadence,
      Events events,
      StatusQueue statuses,
      PolicyMetrics metrics) {
    this.cluster = cluster;
    this.marked = marked;
    this.marks = marks;
    this.memory = memory;
    this.cadence = cadence;
    this.events = events;
    this.statuses = statuses;
    this.metrics = metrics;
  }

  /** Looks once, and puts right what it finds. Failures are logged, and tried again next time. */
  @Override
  public void run() {
    try {
      forgetDeleted();
      marked.ungoverned().forEach(this::clear);
    } catch (RuntimeException failure) {
      // Whatever it was, the next look is due: an exception would end the schedule.
      LOG.warn("Pods left marked can't be looked for: {}", failure.toString());
    }
  }

  private void forgetDeleted() {
    Set<String> known = memory.uids();
    Set<String> there =
        cluster.policies().map(policy -> policy.getMetadata().getUid()).collect(Collectors.toSet());
    for (String uid : known) {
      if (!there.contains(uid)) {
        memory.forget(uid).ifPresent(gone -> metrics.forget(gone.namespace(), gone.name()));
        events.forget(uid);
        statuses.forget(uid);
        cadence.forget(uid);
      }
    }
  }

  private void clear(MarkedPods.Marked pod) {
    try {
      if (marks.clear(pod)) {
        LOG.info(
            "{}/{}: keeps its limit and serves, as no policy governs it",
            pod.namespace(),
            pod.name());
      }
    } catch (KubernetesClientException failure) {
      LOG.warn("{}/{}: is still marked: {}", pod.namespace(), pod.name(), failure.getMessage());
    }
  }
}
