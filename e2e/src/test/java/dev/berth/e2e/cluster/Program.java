package dev.berth.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that is run to its end.
 *
 * @param command what to run, with its arguments
 * @param environment what is set for it beside this process's own environment
 */
public record Program(List<String> command, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** How it ended: the exit status, and what it wrote to both of its outputs. */
  public record Output(int status, String text) {}

  public static Program of(String... command) {
    return new Program(List.of(command), Map.of());
  }

  /** The same, with one more variable in its environment. */
  public Program with(String name, String value) {
    var more = new HashMap<>(environment);
    more.put(name, value);
    return new Program(command, more);
  }

  /** Whether PATH leads to a program of this name. */
  public static boolean inPath(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs it in the project's root, whatever its status will be. */
  public Output run() {
    try {
      Path text = Files.createTempFile("berth-e2e", ".out");
      try {
        var builder =
            new ProcessBuilder(command)
                .directory(Checkout.file("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(text.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          throw new IllegalStateException(
              "%s didn't end within %s: %s".formatted(command, PATIENCE, Files.readString(text)));
        }
        return new Output(
            process.exitValue(), new String(Files.readAllBytes(text), StandardCharsets.UTF_8));
      } finally {
        Files.delete(text);
      }
    } catch (IOException e) {
      throw new IllegalStateException("can't run " + command, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }

  /**
   * Runs it, and gives what it wrote.
   *
   * @throws IllegalStateException with that text if its status isn't 0
   */
  public String succeed() {
    Output output = run();
    if (output.status() != 0) {
      throw new IllegalStateException(
          "%s ended with %d: %s".formatted(command, output.status(), output.text()));
    }
    return output.text();
  }
}
