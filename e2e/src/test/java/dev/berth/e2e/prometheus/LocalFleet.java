package dev.berth.e2e.prometheus;

import dev.berth.e2e.cluster.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code berth local} as its users start it, from the executable jar, with a load on it. */
final class LocalFleet implements AutoCloseable {
  private final Background process;
  private final int consolePort;

  private LocalFleet(Background process, int consolePort) {
    this.process = process;
    this.consolePort = consolePort;
  }

  static LocalFleet start(int load) {
    Path jar = Checkout.file("operator/target/berth-operator.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " isn't there: make build builds it");
    }
    int console = Background.freePort();
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            jar.toString(),
            "local",
            "examples/local.yaml",
            "--listen",
            "127.0.0.1:" + Background.freePort(),
            "--console",
            "127.0.0.1:" + console,
            "--load",
            Integer.toString(load));
    return new LocalFleet(
        Background.start(Checkout.file(""), Checkout.file("e2e/target/local.log"), command),
        console);
  }

  /** Where its console is, and the operator's metrics. */
  int consolePort() {
    return consolePort;
  }

  /** The admin port of each server that runs now, by the name of its process. */
  Map<String, Integer> adminPorts() {
    var ports = new TreeMap<String, Integer>();
    process
        .descendants()
        .forEach(server -> {
          List<String> arguments = Arrays.asList(server.info().arguments().orElse(new String[0]));
          arguments.stream()
              .filter(argument -> argument.startsWith("--admin="))
              .forEach(admin ->
                  ports.put(
                      "local-" + server.pid(),
                      Integer.valueOf(admin.substring(admin.lastIndexOf(':') + 1))));
        });
    return ports;
  }

  /** Fails with what it wrote, if it has ended. */
  void mustBeRunning() {
    process.mustBeRunning();
  }

  @Override
  public void close() {
    process.close();
  }
}
