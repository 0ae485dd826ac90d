package dev.berth.operator.local;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Workload;
import dev.berth.operator.observe.Scrape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server processes of one policy, and what a cluster does for a workload: as many are running
 * as it is told, and one that ended by itself is started anew. Owned by one thread at a time.
 */
final class Fleet implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(8);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  private final Launch launch;
  private final Path directory;
  private final Scrape scrape = new Scrape();
  private final RandomGenerator chance;
  private final Map<String, ServerProcess> running = new LinkedHashMap<>();
  private final List<ServerProcess> stopping = new ArrayList<>();
  private int replicas;
  private int named;
  private Duration backOff = Duration.ZERO;
  private Instant nextStart = Instant.MIN;

  Fleet(Launch launch, Path directory, int replicas, RandomGenerator chance) {
    this.launch = launch;
    this.directory = directory;
    this.replicas = replicas;
    this.chance = chance;
  }

  /** Brings the processes to what they are to be; tells those that ended unasked, in words. */
  List<String> tend(Instant now) throws IOException {
    var ended = new ArrayList<String>();
    for (ServerProcess process : List.copyOf(running.values())) {
      if (!process.alive()) {
        running.remove(process.name());
        ended.add(process.end());
        slowDown(process, now);
      }
    }
    stopping.forEach(process -> process.killIfLate(now));
    stopping.removeIf(process -> !process.alive());
    startLacking(now);
    return ended;
  }

  private void startLacking(Instant now) throws IOException {
    while (running.size() < replicas && !now.isBefore(nextStart)) {
      named++;
      var process = ServerProcess.start("berth-" + named, launch, directory, now, chance);
      running.put(process.name(), process);
    }
  }

  // A process that ends soon after its start is started again more and more slowly.
  private void slowDown(ServerProcess ended, Instant now) {
    if (ended.age(now).compareTo(SOON) > 0) {
      backOff = Duration.ZERO;
      return;
    }
    Duration longer = backOff.isZero() ? Duration.ofSeconds(1) : backOff.multipliedBy(2);
    backOff = longer.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : longer;
    nextStart = now.plus(backOff);
  }

  /** Asks every process for its metrics, and waits for their answers. */
  Observation observe(Instant now) {
    var outcomes =
        scrape.readAll(
            running.values().stream()
                .collect(Collectors.toMap(ServerProcess::name, ServerProcess::metrics)));
    var pods =
        running.values().stream()
            .map(process ->
                process.pod(
                    Optional.ofNullable(outcomes.get(process.name()))
                        .orElseGet(() -> new Scrape.Failed("it was not asked")),
                    now))
            .toList();
    var workload =
        new Workload(
            replicas,
            false,
            Workload.Removal.CHEAPEST_FIRST,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    return new Observation(workload, pods);
  }

  /** Carries out what was decided. */
  void apply(Actions actions, long generation, Instant now) throws IOException {
    for (String name : actions.told()) {
      mark(name, marks -> told(name, marks, actions, generation));
    }
    for (String name : actions.undrain()) {
      mark(name, marks -> marks.drained(Optional.empty()));
    }
    for (String name : actions.drain()) {
      mark(name, marks -> marks.drained(Optional.of(now)));
    }
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up(int to) -> replicas = to;
      case Scale.Remove(int to, var pods) -> {
        replicas = to;
        pods.forEach(name -> stop(name, now));
      }
    }
    startLacking(now);
  }

  private static Pod.Marks told(String name, Pod.Marks marks, Actions actions, long generation) {
    boolean mayLeave = marks.mayLeave() && !actions.stay().contains(name);
    return Optional.ofNullable(actions.limits().get(name))
        .map(limit -> marks.limited(limit, generation))
        .orElse(marks)
        .leaving(mayLeave || actions.leave().contains(name));
  }

  private void mark(String name, UnaryOperator<Pod.Marks> change) throws IOException {
    var process = Optional.ofNullable(running.get(name));
    if (process.isPresent()) {
      process.get().mark(change.apply(process.get().marks()));
    }
  }

  private void stop(String name, Instant now) {
    Optional.ofNullable(running.remove(name))
        .ifPresent(process -> {
          process.stop(now.plus(STOP));
          stopping.add(process);
        });
  }

  /** The processes that are to run, and those that were told to end and have not yet. */
  List<ServerProcess> processes() {
    return Stream.of(running.values(), stopping).flatMap(Collection::stream).toList();
  }

  /** Ends every process: SIGTERM, and SIGKILL for those that take too long. */
  @Override
  public void close() {
    scrape.close();
    List<ServerProcess> all = processes();
    all.forEach(process -> process.stop(Instant.MAX));
    long deadline = System.nanoTime() + STOP.toNanos();
    try {
      for (ServerProcess process : all) {
        process.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ServerProcess::kill);
  }
}
