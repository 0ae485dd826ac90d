package dev.berth.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A cluster of K3s in a Docker container, with both images in it; it ends with this process. */
final class K3s {
  private static final String IMAGES = "/var/lib/rancher/k3s/agent/images/";

  private K3s() {}

  /** Its kubeconfig's file; absent where no Docker runs. */
  static Optional<String> start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    String image = System.getenv().getOrDefault("K3S_IMAGE", "rancher/k3s:v1.35.4-k3s1");
    var container =
        new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"))
            .withCopyFileToContainer(image("server"), IMAGES + "berth-server.tar")
            .withCopyFileToContainer(image("operator"), IMAGES + "berth-operator.tar");
    container.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
    return Optional.of(kubeconfig(container.getKubeConfigYaml()));
  }

  private static MountableFile image(String module) {
    Path tar = Checkout.file(module + "/target/jib-image.tar");
    if (!Files.exists(tar)) {
      throw new IllegalStateException(tar + " isn't there: make image builds it");
    }
    return MountableFile.forHostPath(tar);
  }

  private static String kubeconfig(String yaml) {
    try {
      Path file = Files.createTempFile("berth-e2e", ".kubeconfig");
      file.toFile().deleteOnExit();
      return Files.writeString(file, yaml).toString();
    } catch (IOException e) {
      throw new IllegalStateException("can't write the kubeconfig of K3s", e);
    }
  }
}
