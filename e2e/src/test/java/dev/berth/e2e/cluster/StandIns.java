package dev.berth.e2e.cluster;

import dev.berth.e2e.standin.StandIn;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;

/** The sample's workload with stand-ins for its servers, which tell what they are told to. */
public final class StandIns {
  static final String NAME = "stand-ins";
  private static final int ADMIN = 9090;

  private final Berth berth;
  private final Workload workload;

  private StandIns(Berth berth, Workload workload) {
    this.berth = berth;
    this.workload = workload;
  }

  /** So many of them; returns when all are ready. */
  public static StandIns start(Berth berth, int replicas) {
    JavaPod.classes(berth, NAME);
    return new StandIns(
        berth, Workload.start(berth, deployment -> standingIn(deployment, replicas)));
  }

  public Workload workload() {
    return workload;
  }

  /** What a pod tells from now on: {@link StandIn} lists it. */
  public void be(Pod pod, String what) {
    berth
        .client()
        .raw(
            "/api/v1/namespaces/%s/pods/%s:%d/proxy/be"
                .formatted(berth.namespace(), pod.getMetadata().getName(), ADMIN),
            "POST",
            what);
  }

  private static DeploymentBuilder standingIn(DeploymentBuilder deployment, int replicas) {
    return deployment
        .editSpec()
        .withReplicas(replicas)
        .editTemplate()
        .editSpec()
        .addNewVolume()
        .withName("classes")
        .withNewConfigMap()
        .withName(NAME)
        .endConfigMap()
        .endVolume()
        .editFirstContainer()
        .withImage("berth-operator:dev")
        .withCommand(JavaPod.command(StandIn.class))
        .withArgs(String.valueOf(ADMIN))
        .addNewVolumeMount()
        .withName("classes")
        .withMountPath(JavaPod.CLASSES)
        .endVolumeMount()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec();
  }
}
