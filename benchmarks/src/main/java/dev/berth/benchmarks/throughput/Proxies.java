package dev.berth.benchmarks.throughput;

import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Berth, nginx and HAProxy as reverse proxies before the same upstream, Go's net/http: in each
 * round every proxy in turn, in a new process that is warmed up first; then medians, and Berth's
 * ratio to each. All of it shares the machine's processors, so rates compare, but are no proxy's
 * most.
 */
@Command(
    name = "proxies",
    mixinStandardHelpOptions = true,
    description = "requests per second and latency through Berth, nginx and HAProxy, by wrk")
public final class Proxies implements Runnable {
  private static final List<Scenario> SCENARIOS = List.of(Scenario.HELLO, Scenario.LARGE_BODIES);

  @Mixin private Rounds measured = new Rounds();

  private Proxies() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Proxies()).execute(arguments));
  }

  @Override
  public void run() {
    try {
      for (Scenario scenario : SCENARIOS) {
        print(scenario, measure(scenario));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<ProxyPeer, List<Load.Result>> measure(Scenario scenario)
      throws IOException, InterruptedException {
    Map<ProxyPeer, List<Load.Result>> results = new EnumMap<>(ProxyPeer.class);
    try (var upstream = ServerProcess.start(Peer.GO, 2, scenario.service)) {
      for (int round = 0; round < measured.rounds; round++) {
        for (ProxyPeer peer : ProxyPeer.values()) {
          int behind = upstream.address().getPort();
          try (var proxy = ServerProcess.start(peer.name(), port -> peer.command(port, behind))) {
            Load.run(proxy.address(), scenario.script, measured.warmUp);
            results
                .computeIfAbsent(peer, _ -> new ArrayList<>())
                .add(Load.run(proxy.address(), scenario.script, measured.seconds));
          }
        }
      }
    }
    return results;
  }

  private void print(Scenario scenario, Map<ProxyPeer, List<Load.Result>> results) {
    System.out.printf(
        Locale.ROOT,
        "%nthrough a proxy: %s (medians of %d rounds of %d s)%n",
        scenario.title,
        measured.rounds,
        measured.seconds);
    System.out.printf("%-10s %12s %10s %18s%n", "proxy", "requests/s", "p99 ms", "Berth ÷ it");
    double own = Throughput.median(results.getOrDefault(ProxyPeer.BERTH, List.of()), false);
    results.forEach((peer, all) ->
        System.out.printf(
            Locale.ROOT,
            "%-10s %12.0f %10.2f %18.2f  %s%n",
            peer.title(),
            Throughput.median(all, false),
            Throughput.median(all, true),
            own / Throughput.median(all, false),
            all.stream()
                .map(Load.Result::errors)
                .filter(e -> !e.isEmpty())
                .findFirst()
                .orElse("")));
  }
}
