package dev.berth.operator.local;

import dev.berth.operator.decide.Pod;
import dev.berth.operator.observe.Endpoint;
import dev.berth.operator.observe.Scrape;
import dev.berth.operator.observe.Scrape.Answered;
import dev.berth.operator.observe.Scrape.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One server process, in place of a pod. Owned by the thread of its fleet; only the process itself
 * lives on its own.
 */
final class ServerProcess {
  private static final String TEMPLATE = "local";
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final AnnotationsFile annotations;
  private final Path log;
  private final Endpoint metrics;
  private final long memory;
  private final Instant started;
  private Pod.Marks marks = Pod.Marks.NONE;
  private boolean answered;
  private Instant killAt = Instant.MAX;

  private ServerProcess(
      String name,
      Process process,
      AnnotationsFile annotations,
      Path log,
      Endpoint metrics,
      long memory,
      Instant started) {
    this.name = name;
    this.process = process;
    this.annotations = annotations;
    this.log = log;
    this.metrics = metrics;
    this.memory = memory;
    this.started = started;
  }

  /** Starts a process, whose files are in {@code directory}. */
  static ServerProcess start(
      String name, Launch launch, Path directory, Instant now, RandomGenerator chance)
      throws IOException {
    var annotations = new AnnotationsFile(directory.resolve(name + ".annotations"));
    annotations.write(Pod.Marks.NONE);
    Path log = directory.resolve(name + ".log");
    int port = Ports.free(chance);
    Process process =
        new ProcessBuilder(launch.command(port, annotations.path()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var metrics = new Endpoint("127.0.0.1", port, "/metrics");
    return new ServerProcess(name, process, annotations, log, metrics, launch.memory(), now);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Endpoint metrics() {
    return metrics;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Whether it was asked to end. */
  boolean stopping() {
    return killAt.isBefore(Instant.MAX);
  }

  /** Bytes that it may use. */
  long memory() {
    return memory;
  }

  Duration age(Instant now) {
    return Duration.between(started, now);
  }

  /** The process as a decision sees it, after it was asked. */
  Pod pod(Scrape.Outcome outcome, Instant now) {
    answered |= outcome instanceof Answered;
    Pod.State state =
        switch (outcome) {
          case Answered(var reading) -> reading.observed();
          case Failed(String why) when answered -> new Pod.Missing(why);
          case Failed(String why) when age(now).compareTo(LONGEST_START) > 0 ->
              new Pod.Missing("not ready after %d s: %s".formatted(age(now).toSeconds(), why));
          case Failed starting -> new Pod.Starting(Pod.Occupancy.OCCUPIED);
        };
    return new Pod(name, TEMPLATE, marks, OptionalLong.of(memory), Optional.empty(), state);
  }

  Pod.Marks marks() {
    return marks;
  }

  /** Writes what the process is to follow; it does within 0.1 s. */
  void mark(Pod.Marks next) throws IOException {
    annotations.write(next);
    marks = next;
  }

  /** Asks the process to end (SIGTERM); it drains what it still holds first. */
  void stop(Instant killAfter) {
    killAt = killAfter;
    process.destroy();
  }

  /** Ends a process that was asked and has had its time. */
  void killIfLate(Instant now) {
    if (now.isAfter(killAt)) {
      kill();
    }
  }

  /** How an ended process ended, with the last line it wrote. */
  String end() {
    String last;
    try {
      List<String> lines = Files.readAllLines(log);
      last = lines.isEmpty() ? "it wrote nothing" : lines.getLast();
    } catch (IOException unreadable) {
      last = "its log can't be read";
    }
    return "%s (pid %d) ended by itself with status %d: %s"
        .formatted(name, pid(), process.exitValue(), last);
  }

  /** Waits for the process to end, at most for {@code longest}. */
  void awaitEnd(Duration longest) throws InterruptedException {
    process.waitFor(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** Ends the process at once (SIGKILL), if it has not ended. */
  void kill() {
    process.destroyForcibly();
  }
}
