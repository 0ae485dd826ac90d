package dev.berth.e2e.cluster;

import dev.berth.e2e.crash.Crash;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Crashes of the operator, made by a pod that runs as root among the node's processes. */
public final class Crashes {
  static final String NAME = "crashes";
  private static final int CONTROL = 8000;

  private final Berth berth;

  private Crashes(Berth berth) {
    this.berth = berth;
  }

  /** Starts the pod; returns when it can crash something at once. */
  public static Crashes prepare(Berth berth) {
    PodBuilder pod =
        JavaPod.of(NAME, Crash.class, String.valueOf(CONTROL))
            .editSpec()
            .withHostPID(true)
            .editFirstContainer()
            .withNewSecurityContext()
            .withRunAsUser(0L)
            .endSecurityContext()
            .withNewReadinessProbe()
            .withNewTcpSocket()
            .withNewPort(CONTROL)
            .endTcpSocket()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .endContainer()
            .endSpec();
    berth.untilReady(JavaPod.create(berth, pod));
    return new Crashes(berth);
  }

  /** Kills the leader's process, which can do nothing more, and removes its pod. */
  public void leader() {
    String leader = berth.leader().orElseThrow();
    String uid =
        berth
            .client()
            .pods()
            .inNamespace(berth.namespace())
            .withName(leader)
            .require()
            .getMetadata()
            .getUid();
    String path =
        "/api/v1/namespaces/%s/pods/%s:%d/proxy/crash".formatted(berth.namespace(), NAME, CONTROL);
    berth.client().raw(path, "POST", uid);
    berth.delete(leader);
  }
}
