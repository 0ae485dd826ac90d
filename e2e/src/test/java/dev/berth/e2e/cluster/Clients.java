package dev.berth.e2e.cluster;

import dev.berth.e2e.load.Counts;
import dev.berth.e2e.load.LoadPod;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Clients of a workload, in a pod of the same cluster, on the Java of the operator's image: their
 * classes come to it by a ConfigMap.
 */
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
    var clients = new Clients(berth.client(), berth.namespace());
    berth.untilReady(clients.create(workload.address()));
    return clients;
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

  private Pod create(String address) {
    var classes =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .addToBinaryData("load.jar", Base64.getEncoder().encodeToString(jar()))
            .build();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(0L)
            .withAutomountServiceAccountToken(false)
            .addNewContainer()
            .withName(NAME)
            .withImage("berth-operator:dev")
            .withImagePullPolicy("IfNotPresent")
            .withCommand(
                List.of(
                    "java", "-XX:+UseSerialGC", "-cp", "/load/load.jar", LoadPod.class.getName()))
            .withArgs(address, "80", String.valueOf(CONTROL))
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/counts")
            .withNewPort(CONTROL)
            .endHttpGet()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .withNewResources()
            .addToLimits("memory", new Quantity("256Mi"))
            .endResources()
            .addNewVolumeMount()
            .withName("load")
            .withMountPath("/load")
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("load")
            .withNewConfigMap()
            .withName(NAME)
            .endConfigMap()
            .endVolume()
            .endSpec()
            .build();
    client.resource(classes).create();
    return client.resource(pod).create();
  }

  /** The classes of the load's package, which need nothing but the JDK. */
  private static byte[] jar() {
    try {
      Path classes =
          Path.of(LoadPod.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var bytes = new ByteArrayOutputStream();
      try (var jar = new ZipOutputStream(bytes);
          Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
          Files.copy(file, jar);
        }
      }
      return bytes.toByteArray();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("can't pack the load's classes", e);
    }
  }
}
