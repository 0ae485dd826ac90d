package dev.berth.e2e.cluster;

import dev.berth.e2e.load.Counts;
import dev.berth.e2e.load.LoadPod;
import dev.berth.e2e.load.Recorded;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Clients of a workload, in a pod of the same cluster. */
public final class Clients {
  static final String NAME = "clients";
  private static final int CONTROL = 8000;

  private final KubernetesClient client;
  private final String namespace;

  private Clients(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Starts the pod, with no client yet; returns when it is ready. */
  public static Clients start(Berth berth, Workload workload) {
    PodBuilder pod =
        JavaPod.of(NAME, LoadPod.class, workload.address(), "80", String.valueOf(CONTROL))
            .editSpec()
            .editFirstContainer()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/counts")
            .withNewPort(CONTROL)
            .endHttpGet()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .endContainer()
            .endSpec();
    berth.untilReady(JavaPod.create(berth, pod));
    return new Clients(berth.client(), berth.namespace());
  }

  /** So many clients within half a second, each with one connection. */
  public void connections(int count) {
    connections(count, Duration.ofMillis(500));
  }

  /** So many clients, evenly more or fewer until {@code within} has passed. */
  public void connections(int count, Duration within) {
    client.raw(path("connections"), "POST", "%d %d".formatted(count, within.toMillis()));
  }

  /** From now on what these pods' metrics say is written down as well. */
  public void watch(Collection<Pod> pods) {
    String addresses =
        pods.stream()
            .filter(pod -> pod.getStatus().getPodIP() != null)
            .map(pod ->
                "%s http://%s:9090/metrics"
                    .formatted(pod.getMetadata().getName(), pod.getStatus().getPodIP()))
            .collect(Collectors.joining(" "));
    client.raw(path("watch"), "POST", addresses);
  }

  /** What was written down since it was asked last, twice a second. */
  public List<Recorded> recorded() {
    return Recorded.parse(Objects.requireNonNullElse(client.raw(path("recorded")), ""));
  }

  /** What they have seen so far. */
  public Counts counts() {
    String text = client.raw(path("counts"));
    if (text == null) {
      throw new IllegalStateException("the pod of the clients in " + namespace + " is gone");
    }
    return Counts.parse(text);
  }

  private String path(String of) {
    return "/api/v1/namespaces/%s/pods/%s:%d/proxy/%s".formatted(namespace, NAME, CONTROL, of);
  }
}
