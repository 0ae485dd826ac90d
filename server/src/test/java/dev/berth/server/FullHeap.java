package dev.berth.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What a process of its own does when it has no more memory. */
public final class FullHeap {
  private static final int PIECE = 64 * 1024;

  private static final AtomicReference<Object> HELD = new AtomicReference<>("");

  private FullHeap() {}

  /** Runs a class's main, with these options of the JVM: what it has printed. */
  public static String run(Class<?> main, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Does that while there is nothing left of the heap. */
  public static void during(Runnable what) {
    HELD.set(fill());
    try {
      what.run();
    } finally {
      HELD.set("");
    }
  }

  private static Object fill() {
    Object[] pieces = {};
    int size = PIECE;
    while (size > 0) {
      try {
        pieces = new Object[] {pieces, new byte[size]};
      } catch (OutOfMemoryError full) {
        size /= 2;
      }
    }
    return pieces;
  }
}
