package dev.berth.e2e.cluster;

import dev.berth.e2e.load.Counts;
import dev.berth.e2e.load.LoadPod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

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

  /** From now on there are so many clients, each with one connection. */
  public void connections(int count) {
    client.raw(path("connections"), "POST", count);
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
