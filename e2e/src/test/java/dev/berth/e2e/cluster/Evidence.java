package dev.berth.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a failed test leaves on the cluster, written down before it is removed. */
final class Evidence {
  private final Cluster cluster;
  private final String namespace;

  private Evidence(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  static Evidence of(Berth berth) {
    return new Evidence(berth.cluster(), berth.namespace());
  }

  /** Writes it into a file below {@code e2e/target/evidence} and says which. */
  void write(Class<?> test, String method) {
    Path file =
        Checkout.file("e2e/target/evidence")
            .resolve(test.getSimpleName() + "." + method.replaceAll("\\W+", "-") + ".txt");
    String text =
        kubectl("get", "all,cpol,leases,hpa", "-o", "wide")
            + kubectl("describe", "cpol")
            + kubectl("get", "events", "--sort-by", ".metadata.creationTimestamp")
            + kubectl("describe", "pods")
            + logs("app.kubernetes.io/component=operator")
            + logs("app.kubernetes.io/name=" + Workload.NAME)
            + kubectl("logs", Clients.NAME, "--tail", "100");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException("can't write " + file, e);
    }
    System.out.println("e2e: what " + method + " left is in " + file);
  }

  private String logs(String label) {
    return kubectl("logs", "--selector", label, "--prefix", "--tail", "300");
  }

  private String kubectl(String... arguments) {
    var command = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    command[0] = "--namespace";
    command[1] = namespace;
    return "\n$ kubectl %s\n%s"
        .formatted(String.join(" ", command), cluster.kubectl(command).run().text());
  }
}
