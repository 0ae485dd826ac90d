package dev.berth.e2e.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cluster that all tests of a run share: the one KUBECONFIG names, or one of K3s that is
 * started for them in Docker. Where there is neither, tests that ask for it are skipped, saying so.
 */
public final class Cluster {
  private static final String CRD = "connectionpolicies.berth.dev";
  private static final Optional<Cluster> SHARED = find();

  private final Path kubeconfig;
  private final KubernetesClient client;

  private Cluster(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
    takeCrdAlong();
  }

  /** The cluster; the test that asks is skipped where there is none. */
  public static Cluster shared() {
    assumeTrue(
        SHARED.isPresent(),
        "skipped: there is no cluster: set KUBECONFIG to one that has both images, or start Docker"
            + " for one of K3s");
    requireProgram("helm", "https://helm.sh");
    requireProgram("kubectl", "https://kubernetes.io/docs/tasks/tools");
    return SHARED.get();
  }

  public KubernetesClient client() {
    return client;
  }

  /** Helm, on this cluster. */
  public Program helm(String... arguments) {
    return program("helm", arguments);
  }

  /** Kubectl, on this cluster. */
  public Program kubectl(String... arguments) {
    return program("kubectl", arguments);
  }

  /** A program that finds this cluster by KUBECONFIG. */
  public Program program(String name, String... arguments) {
    var command = new String[arguments.length + 1];
    command[0] = name;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Program.of(command).with("KUBECONFIG", kubeconfig.toString());
  }

  private static Optional<Cluster> find() {
    String named = System.getenv("KUBECONFIG");
    if (named != null && !named.isBlank()) {
      return Optional.of(new Cluster(Path.of(named)));
    }
    return K3s.start().map(Cluster::new);
  }

  private static void requireProgram(String name, String source) {
    if (!Program.inPath(name)) {
      throw new IllegalStateException(
          "%s isn't in PATH, and these tests need it: %s".formatted(name, source));
    }
  }

  /**
   * The CRD outlives the releases of the tests, as the chart means it to. One that was there before
   * becomes this checkout's; one that wasn't is removed when the tests end.
   */
  private void takeCrdAlong() {
    var crds = client.apiextensions().v1().customResourceDefinitions();
    if (crds.withName(CRD).get() == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> crds.withName(CRD).delete()));
      return;
    }
    CustomResourceDefinition ours =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .load(Checkout.file("charts/berth/files/" + CRD + ".yaml").toFile())
            .item();
    client.resource(ours).forceConflicts().serverSideApply();
  }
}
