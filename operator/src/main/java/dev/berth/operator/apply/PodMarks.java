package dev.berth.operator.apply;

import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/**
 * Writes what a decision says on pods: their annotations, and nothing else of them.
 *
 * <p>Safe for any number of threads. A pod that is gone meanwhile is passed over.
 */
public final class PodMarks {
  // Unprocessable Content (RFC 9110, section 15.5.21)
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final MergePatch patches;
  private final Cluster cluster;

  /** Writes with {@code patches}, and tells {@code cluster} what came of it. */
  public PodMarks(KubernetesClient client, MergePatch patches, Cluster cluster) {
    this.client = client;
    this.patches = patches;
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

  /** Writes a patch, if there is anything to write. Whether the pod was there. */
  boolean write(String namespace, String pod, PodPatch patch) {
    if (patch.isEmpty()) {
      return false;
    }
    Optional<ObjectMeta> written =
        sent(namespace, pod, patch)
            .map(text ->
                client
                    .getKubernetesSerialization()
                    .unmarshal(text, GenericKubernetesResource.class)
                    .getMetadata());
    written.ifPresent(cluster::wrote);
    return written.isPresent();
  }

  private Optional<String> sent(String namespace, String pod, PodPatch patch) {
    try {
      return patches.send("api/v1/namespaces/%s/pods/%s".formatted(namespace, pod), patch.json());
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
