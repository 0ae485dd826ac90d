package dev.berth.e2e.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Ends or stops processes of the node: {@code Crash CONTROL_PORT}, as root in a pod that sees them.
 *
 * <p>{@code POST /crash} with another pod's UID kills that one's Java process by SIGKILL. Deleting
 * a pod, be it by force, still gives its process a moment to say goodbye; an out-of-memory kill, or
 * a node that goes, doesn't. {@code POST /freeze} with a program's name and milliseconds stops it
 * for so long, from half a second later on: the answer may have to go through it.
 */
public final class Crash {
  private static final long ANSWERED_MILLIS = 500;

  private Crash() {}

  public static void main(String[] args) throws IOException {
    HttpServer control =
        HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), /* backlog= */ 0);
    control.createContext("/crash", exchange -> answer(exchange, kill(words(exchange)[0])));
    control.createContext(
        "/freeze",
        exchange -> {
          String[] words = words(exchange);
          List<Long> found = named(words[0]);
          answer(exchange, found.size());
          freeze(found, Long.parseLong(words[1]));
        });
    control.start();
  }

  /** 200 if there was exactly one process, else 404. */
  private static void answer(HttpExchange exchange, long processes) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(processes == 1 ? 200 : 404, -1);
    }
  }

  /** The words of the body, which may be a JSON string. */
  private static String[] words(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
        .replace("\"", "")
        .strip()
        .split(" ", -1);
  }

  private static void freeze(List<Long> processes, long millis) {
    try {
      Thread.sleep(ANSWERED_MILLIS);
      processes.forEach(process -> Signal.STOP.send(process));
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      processes.forEach(process -> Signal.CONTINUE.send(process));
    }
  }

  /** The processes whose program, or its first argument, has this name. */
  private static List<Long> named(String name) {
    return ProcessHandle.allProcesses()
        .filter(process -> {
          String[] words = told(process, "cmdline").split("\0", 3);
          return words[0].endsWith(name) || (words.length > 1 && words[1].equals(name));
        })
        .map(ProcessHandle::pid)
        .toList();
  }

  private static long kill(String uid) {
    if (uid.isEmpty()) {
      return 0;
    }
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
