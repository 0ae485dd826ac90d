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
  private static final long LEAST_HEAP = 16L << 20;

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
        // Small at first, so that what connections cost is seen, and not what the heap may become.
        "-Xms8m",
        "-Xmx" + heap(),
        "-Xss256k",
        "-XX:TieredStopAtLevel=1",
        "-XX:ReservedCodeCacheSize=16m",
        "-XX:MaxMetaspaceSize=48m",
        "-XX:TrimNativeHeapInterval=5000",
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED");
  }

  // What connections are made to hold is not in the heap; without it the heap is what they cost.
  private long heap() {
    return Math.max(LEAST_HEAP, connectionCost > 0 ? memory / 8 : memory / 2);
  }
}
