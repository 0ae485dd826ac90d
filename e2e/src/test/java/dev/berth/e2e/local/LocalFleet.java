package dev.berth.e2e.local;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code berth local} as its users start it, from the executable jar, with a load on it. */
final class LocalFleet implements AutoCloseable {
  private final Background process;
  private final int port;
  private final int consolePort;

  private LocalFleet(Background process, int port, int consolePort) {
    this.process = process;
    this.port = port;
    this.consolePort = consolePort;
  }

  /** Starts it with a wave of {@code load} connections, which has come and gone in 15 s. */
  static LocalFleet start(int load) {
    int port = Background.freePort();
    int console = Background.freePort();
    return new LocalFleet(
        Background.startJar(
            "operator/target/berth-operator.jar",
            "e2e/target/local.log",
            "local",
            "examples/local.yaml",
            "--listen",
            "127.0.0.1:" + port,
            "--console",
            "127.0.0.1:" + console,
            "--load",
            Integer.toString(load),
            "--load-rise",
            "5s",
            "--load-hold",
            "5s"),
        port,
        console);
  }

  /** Where its servers listen. */
  int port() {
    return port;
  }

  /** Where its console is, and the operator's metrics. */
  int consolePort() {
    return consolePort;
  }

  /** The admin port of each server that runs now, by the process that it is. */
  Map<String, Integer> adminPorts() {
    var ports = new TreeMap<String, Integer>();
    process
        .descendants()
        .forEach(server ->
            adminPort(server).ifPresent(port -> ports.put("local-" + server.pid(), port)));
    return ports;
  }

  /** The port that follows {@code --admin} in a server's command line. */
  private static Optional<Integer> adminPort(ProcessHandle server) {
    List<String> arguments = List.of(server.info().arguments().orElse(new String[0]));
    int address = arguments.indexOf("--admin") + 1;
    return address == 0 || address == arguments.size()
        ? Optional.empty()
        : Optional.of(
            Integer.valueOf(
                arguments.get(address).substring(arguments.get(address).lastIndexOf(':') + 1)));
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
