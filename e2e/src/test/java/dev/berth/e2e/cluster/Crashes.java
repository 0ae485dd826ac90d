package dev.berth.e2e.cluster;

import dev.berth.e2e.crash.Crash;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;

/**
 * Crashes of the operator, and an API server that stands still, made by a pod that runs as root
 * among the node's processes.
 */
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
    ask("crash", uid);
    berth.delete(leader);
  }

  /** Stops the API server in a moment, for so long. */
  public void freezeApiServer(Duration time) {
    ask("freeze", "kube-apiserver " + time.toMillis());
  }

  private void ask(String what, String of) {
    berth
        .client()
        .raw(
            "/api/v1/namespaces/%s/pods/%s:%d/proxy/%s"
                .formatted(berth.namespace(), NAME, CONTROL, what),
            "POST",
            of);
  }
}
