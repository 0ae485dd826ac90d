package dev.berth.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The cluster that all tests of a run share: the one KUBECONFIG names, or one of K3s that is
 * started for them in Docker. Where there is neither, tests that ask for it fail, saying so.
 */
public final class Cluster {
  private static final String NO_CLUSTER =
      "there is none: set KUBECONFIG to one that has both images, or start Docker for one of K3s";
  private static final String CRD = "connectionpolicies.berth.dev";
  private static final Search SEARCH = search();

  private final String kubeconfig;
  private final KubernetesClient client;

  private Cluster(String kubeconfig, Config config) {
    this.kubeconfig = kubeconfig;
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    takeCrdAlong();
  }

  /** What came of looking for one, once for all tests of a run. */
  private sealed interface Search {
    record Found(Cluster cluster) implements Search {}

    record Failed(RuntimeException why) implements Search {}
  }

  /**
   * The cluster.
   *
   * @throws IllegalStateException if there is none, with what would give one
   */
  public static Cluster shared() {
    return switch (SEARCH) {
      case Search.Found(Cluster cluster) -> cluster;
      case Search.Failed(RuntimeException why) ->
          throw new IllegalStateException("the cluster can't be used: " + why.getMessage(), why);
    };
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
    return Program.of(command).with("KUBECONFIG", kubeconfig);
  }

  private static Search search() {
    String named = Objects.requireNonNullElse(System.getenv("KUBECONFIG"), "");
    try {
      String kubeconfig =
          named.isBlank()
              ? K3s.start().orElseThrow(() -> new IllegalStateException(NO_CLUSTER))
              : named;
      requireProgram("helm", "https://helm.sh");
      requireProgram("kubectl", "https://kubernetes.io/docs/tasks/tools");
      return new Search.Found(new Cluster(kubeconfig, config(kubeconfig)));
    } catch (RuntimeException e) {
      return new Search.Failed(e);
    }
  }

  private static Config config(String kubeconfig) {
    Path file = Path.of(kubeconfig);
    if (!Files.isReadable(file)) {
      throw new IllegalStateException(
          "KUBECONFIG is %s, which is no file that can be read".formatted(kubeconfig));
    }
    return Config.fromKubeconfig(file.toFile());
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
    String file = "charts/berth/files/" + CRD + ".yaml";
    kubectl("apply", "--server-side", "--force-conflicts", "-f", file).succeed();
  }
}
