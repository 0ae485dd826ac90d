package dev.berth.operator.apply;

import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Writes what a decision says on pods: their annotations, and nothing else of them.
 *
 * <p>Safe for any number of threads. A pod that is gone meanwhile is passed over; one whose write
 * has no answer within a second isn't written again until that has come to its end.
 */
public final class PodMarks {
  // Unprocessable Content (RFC 9110, section 15.5.21)
  private static final int UNPROCESSABLE = 422;

  // One pod's webhook that hangs is not to hold up the round of its policy
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final ApiWrites api;
  private final Cluster cluster;

  /** Writes with {@code api}, and tells {@code cluster} what came of it. */
  public PodMarks(KubernetesClient client, ApiWrites api, Cluster cluster) {
    this.client = client;
    this.api = api;
    this.cluster = cluster;
  }

  /** Takes annotations away: the pod keeps the limit it has, and serves. Whether it was there. */
  public boolean clear(MarkedPods.Marked pod) {
    return write(pod.namespace(), pod.name(), new PodPatch(pod.uid()).without(pod.keys()));
  }

  /** What lets a draining pod serve again: a deletion cost of somebody else stays. */
  Set<String> drain(String namespace, String pod) {
    return cluster.pod(namespace, pod).map(MarkedPods::drain).orElse(Set.of());
  }

  /**
   * Writes a patch that has its pod go first. Whether the API server has said that it does: if that
   * comes late, a later round finds it said.
   */
  boolean first(String namespace, String pod, PodPatch patch) {
    return cluster.pod(namespace, pod).filter(patch::isFor).filter(MarkedPods::first).isPresent()
        || write(namespace, pod, patch);
  }

  /** Writes a patch, if there is anything to write. Whether the pod was there. */
  boolean write(String namespace, String pod, PodPatch patch) {
    if (patch.isEmpty()) {
      return false;
    }
    Optional<String> written = sent(namespace, pod, patch);
    written.ifPresent(this::wrote);
    return written.isPresent();
  }

  private void wrote(String pod) {
    cluster.wrote(
        client
            .getKubernetesSerialization()
            .unmarshal(pod, GenericKubernetesResource.class)
            .getMetadata());
  }

  private Optional<String> sent(String namespace, String pod, PodPatch patch) {
    try {
      return api.send(
          "api/v1/namespaces/%s/pods/%s".formatted(namespace, pod),
          patch.json(),
          PATIENCE,
          this::wrote);
    } catch (KubernetesClientException refused) {
      if (another(refused)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /**
   * Whether it was refused because another pod has come to the name: by its uid, which can't
   * change.
   */
  private static boolean another(KubernetesClientException refused) {
    return refused.getCode() == HttpURLConnection.HTTP_CONFLICT
        || (refused.getCode() == UNPROCESSABLE
            && String.valueOf(refused.getMessage()).contains("metadata.uid"));
  }
}
