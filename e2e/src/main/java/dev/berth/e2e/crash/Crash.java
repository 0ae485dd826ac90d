package dev.berth.e2e.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Kills the Java process of a pod by SIGKILL: {@code Crash CONTROL_PORT}, as root in a pod that
 * sees the node's processes, and {@code POST /crash} with the other pod's UID. Deleting a pod, be
 * it by force, still gives its process a moment to say goodbye; an out-of-memory kill, or a node
 * that goes, doesn't.
 */
public final class Crash {
  private Crash() {}

  public static void main(String[] args) throws IOException {
    HttpServer control =
        HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), /* backlog= */ 0);
    control.createContext("/crash", Crash::answer);
    control.start();
  }

  /** 200 if there was exactly one process to kill, else 404. */
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String uid =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
              .replace("\"", "")
              .strip();
      exchange.sendResponseHeaders(uid.isEmpty() || kill(uid) != 1 ? 404 : 200, -1);
    }
  }

  private static long kill(String uid) {
    return ProcessHandle.allProcesses()
        .filter(process -> ofPod(process, uid) && java(process))
        .filter(ProcessHandle::destroyForcibly)
        .count();
  }

  /** Whether the process is one of the pod's: its cgroups have the pod's UID in their names. */
  private static boolean ofPod(ProcessHandle process, String uid) {
    String cgroups = told(process, "cgroup");
    return cgroups.contains(uid) || cgroups.contains(uid.replace('-', '_'));
  }

  private static boolean java(ProcessHandle process) {
    return told(process, "cmdline").split("\0", 2)[0].endsWith("java");
  }

  private static String told(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid(), file));
    } catch (IOException ended) {
      return "";
    }
  }
}
