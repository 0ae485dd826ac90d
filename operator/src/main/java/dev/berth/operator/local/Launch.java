package dev.berth.operator.local;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a server process is started: this program's Java and class path, a heap that leaves room for
 * the rest of the memory, and the server's options.
 *
 * @param listen the shared address
 * @param memory bytes that a process may use
 * @param connectionCost bytes that each connection holds besides, 0 for none
 */
record Launch(InetSocketAddress listen, long memory, long connectionCost) {
  private static final long LEAST_HEAP = 24L << 20;

  List<String> command(int adminPort, Path limitFile) {
    var command = new ArrayList<>(java());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            LocalServer.class.getName(),
            "--listen",
            Settings.text(listen),
            "--reuse-port",
            "--admin",
            "127.0.0.1:" + adminPort,
            "--limit-file",
            limitFile.toString(),
            "--memory-limit",
            Long.toString(memory),
            "--pin-bytes-per-connection",
            Long.toString(connectionCost),
            "--drain-grace",
            "1s",
            "--drain-timeout",
            "5s"));
    return command;
  }

  private List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:TieredStopAtLevel=1",
        "-XX:ReservedCodeCacheSize=16m",
        "-XX:MaxMetaspaceSize=48m",
        "-Xss256k",
        "-Xmx" + Math.max(LEAST_HEAP, memory / 4),
        "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED");
  }
}
