package dev.berth.e2e.cluster;

import dev.berth.e2e.load.LoadPod;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A pod that runs one of this module's own programs on the Java of the operator's image: the
 * classes come to it by a ConfigMap of its name.
 */
final class JavaPod {
  /** Where the classes are in the pod. */
  static final String CLASSES = "/classes";

  private JavaPod() {}

  /** The pod, to be changed if need be, and created by {@link #create}. */
  static PodBuilder of(String name, Class<?> program, String... arguments) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(0L)
        .withAutomountServiceAccountToken(false)
        .withRestartPolicy("Never")
        .withContainers(container(name, program, arguments))
        .addNewVolume()
        .withName("classes")
        .withNewConfigMap()
        .withName(name)
        .endConfigMap()
        .endVolume()
        .endSpec();
  }

  /** Creates it, and the ConfigMap with the classes. */
  static Pod create(Berth berth, PodBuilder builder) {
    Pod pod = builder.editMetadata().withNamespace(berth.namespace()).endMetadata().build();
    classes(berth, pod.getMetadata().getName());
    return berth.client().resource(pod).create();
  }

  /** Creates the ConfigMap with the classes. */
  static void classes(Berth berth, String name) {
    var classes =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(berth.namespace())
            .endMetadata()
            .addToBinaryData("classes.jar", Base64.getEncoder().encodeToString(jar()))
            .build();
    berth.client().resource(classes).create();
  }

  /** What starts a program of this module, where the ConfigMap is mounted. */
  static List<String> command(Class<?> program) {
    return List.of(
        "java",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        CLASSES + "/classes.jar",
        program.getName());
  }

  /** Removes both, if they are there. */
  static void remove(Berth berth, String name) {
    var client = berth.client();
    client.pods().inNamespace(berth.namespace()).withName(name).withGracePeriod(0).delete();
    client.configMaps().inNamespace(berth.namespace()).withName(name).delete();
  }

  private static Container container(String name, Class<?> program, String... arguments) {
    return new ContainerBuilder()
        .withName(name)
        .withImage("berth-operator:dev")
        .withImagePullPolicy("IfNotPresent")
        .withCommand(command(program))
        .withArgs(Arrays.asList(arguments))
        .withNewResources()
        .addToLimits("memory", new Quantity("256Mi"))
        .endResources()
        .addNewVolumeMount()
        .withName("classes")
        .withMountPath(CLASSES)
        .endVolumeMount()
        .build();
  }

  /** The module's own classes, which need nothing but the JDK. */
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
      throw new IllegalStateException("can't pack the classes", e);
    }
  }
}
