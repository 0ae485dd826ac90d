package dev.berth.operator.apply;

import dev.berth.operator.observe.Target;
import dev.berth.operator.observe.Targets;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * Sets the number of a workload's pods by its scale subresource, unless somebody else changed it
 * since it was looked at.
 *
 * <p>Unlike a pod's patch it is waited for as long as the client does, though the policy's next
 * round waits too: one that was left to itself would remove pods after their drain was undone, or
 * add some that no bound on the pace of scaling has counted.
 *
 * <p>Safe for any number of threads.
 */
final class Replication {
  private final KubernetesClient client;
  private final ApiWrites api;
  private final Targets targets;

  Replication(KubernetesClient client, ApiWrites api, Targets targets) {
    this.client = client;
    this.api = api;
    this.targets = targets;
  }

  /** Sets the number. Whether it was set: not if it is another than {@code target} has. */
  boolean set(Target target, int replicas) {
    var workload =
        client
            .genericKubernetesResources(target.kind())
            .inNamespace(target.namespace())
            .withName(target.ref().name());
    Optional<Scale> seen = Optional.ofNullable(workload.scale());
    if (seen.isEmpty() || !unchanged(seen.get(), target)) {
      return false;
    }
    // The version it carries makes the API server refuse it if anything was written in between.
    Scale scale = seen.get();
    scale.getSpec().setReplicas(replicas);
    try {
      targets.wrote(target, api.write("scale of " + target.ref(), () -> workload.scale(scale)));
      return true;
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw refused;
    }
  }

  private static boolean unchanged(Scale scale, Target target) {
    return scale.getMetadata().getUid().equals(target.uid())
        && Optional.ofNullable(scale.getSpec().getReplicas()).orElse(0) == target.replicas();
  }
}
