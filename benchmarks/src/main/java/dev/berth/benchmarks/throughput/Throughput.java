package dev.berth.benchmarks.throughput;

import dev.berth.benchmarks.idle.IdleCrowd;
import dev.berth.benchmarks.peer.ImageFlags;
import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs scenarios: in each round every server in turn, alone, in a new process that is warmed up
 * first; then prints medians, and Berth's ratio to each.
 */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    description = "requests per second and latency of Berth and its peers, by wrk")
public final class Throughput implements Runnable {
  @Mixin private Rounds measured = new Rounds();

  @Option(names = "--peers", split = ",", description = "${COMPLETION-CANDIDATES}; default: all")
  private List<Peer> only = List.of(Peer.values());

  @Option(
      names = "--image-flags",
      description =
          "give all JVMs the flags of Berth's image, and -Xmx1g, rather than a collector alone")
  private boolean imageFlags;

  @Parameters(arity = "0..*", description = "${COMPLETION-CANDIDATES}; default: all")
  private List<Scenario> scenarios = List.of(Scenario.values());

  private Throughput() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Throughput()).execute(arguments));
  }

  @Override
  public void run() {
    try {
      for (Scenario scenario : scenarios) {
        run(scenario);
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Scenario scenario) throws IOException, InterruptedException {
    List<Peer> peers = scenario.peers().stream().filter(only::contains).toList();
    Map<Peer, List<Load.Result>> results = new EnumMap<>(Peer.class);
    for (int round = 0; round < measured.rounds; round++) {
      for (Peer peer : peers) {
        results.computeIfAbsent(peer, first -> new ArrayList<>()).add(measure(scenario, peer));
      }
    }
    print(scenario, peers, results);
  }

  private Load.Result measure(Scenario scenario, Peer peer)
      throws IOException, InterruptedException {
    try (var server = ServerProcess.start(peer, scenario.processors, scenario.service, flags());
        var _ = IdleCrowd.open(server.address(), scenario.idle)) {
      Load.run(server.address(), scenario.script, measured.warmUp);
      return Load.run(server.address(), scenario.script, measured.seconds);
    }
  }

  private List<String> flags() {
    return imageFlags ? ImageFlags.with("-Xmx1g") : ServerProcess.FLAGS;
  }

  private void print(Scenario scenario, List<Peer> peers, Map<Peer, List<Load.Result>> results) {
    System.out.printf(
        Locale.ROOT,
        "%n%s (medians of %d rounds of %d s)%n",
        scenario.title,
        measured.rounds,
        measured.seconds);
    System.out.printf(
        "%-10s %12s %10s %22s  %s%n", "server", "requests/s", "p99 ms", "Berth ÷ it (rate)", "");
    double own = median(results.getOrDefault(Peer.BERTH, List.of()), false);
    for (Peer peer : peers) {
      List<Load.Result> all = results.getOrDefault(peer, List.of());
      double rate = median(all, false);
      String errors =
          all.stream().map(Load.Result::errors).filter(e -> !e.isEmpty()).findFirst().orElse("");
      System.out.printf(
          Locale.ROOT,
          "%-10s %12.0f %10.2f %22.2f  %s%n",
          peer.title(),
          rate,
          median(all, true),
          own / rate,
          errors);
    }
  }

  static double median(List<Load.Result> results, boolean latency) {
    double[] sorted =
        results.stream()
            .mapToDouble(result -> latency ? result.p99Millis() : result.rate())
            .sorted()
            .toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
