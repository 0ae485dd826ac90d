package dev.berth.benchmarks.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares how Berth and each counterpart that is installed frame the same bytes, and prints a
 * table; what they frame differently, byte for byte. Exits with 1 if there is any.
 */
@Command(
    name = "differential",
    mixinStandardHelpOptions = true,
    description =
        "Sends the same bytes to Berth, nginx, HAProxy and Go, and compares what each takes for a request.")
public final class Differential implements Callable<Integer> {
  @Option(
      names = "--mutations",
      defaultValue = "10000",
      description = "how many mutations of the cases by hand (default: ${DEFAULT-VALUE})")
  private int mutations;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "what they are drawn from (default: ${DEFAULT-VALUE})")
  private long seed;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Differential()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Case> byHand = Cases.byHand();
    System.out.printf(
        "%d cases by hand, %d mutations of them (seed %d)%n", byHand.size(), mutations, seed);
    System.out.printf(
        "%-8s %7s %15s %13s %13s %13s %10s %7s %11s%n",
        "peer",
        "cases",
        "requests alike",
        "Berth's alone",
        "peer's alone",
        "refused both",
        "one closed",
        "failed",
        "differently");
    boolean sound = true;
    for (Counterpart counterpart : Counterpart.values()) {
      if (counterpart.installed()) {
        sound &= print(counterpart, trial(counterpart, byHand, mutations, seed));
      } else {
        System.out.printf("%-8s is not installed: %s%n", counterpart.title(), counterpart.source());
      }
    }
    return sound ? 0 : 1;
  }

  static Tally trial(Counterpart counterpart, List<Case> byHand, int mutations, long seed)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("berth-");
    try (BerthParty berth = BerthParty.start();
        RunningPeer peer = RunningPeer.start(counterpart, folder)) {
      return new Trial(berth.party(), peer.party())
          .of(Stream.concat(byHand.stream(), Cases.mutated(byHand, mutations, seed)));
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean print(Counterpart counterpart, Tally tally) {
    System.out.printf(
        Locale.ROOT,
        "%-8s %7d %15d %13d %13d %13d %10d %7d %11d%n",
        counterpart.title(),
        tally.cases(),
        tally.alike(),
        tally.count(Comparison.PEER_REFUSES),
        tally.count(Comparison.BERTH_REFUSES),
        tally.count(Comparison.NONE_HEARD),
        tally.count(Comparison.ONE_CLOSES),
        tally.count(Comparison.FAILED),
        tally.count(Comparison.DIFFERENT));
    tally.different().forEach(each -> System.out.println("  " + each));
    return tally.different().isEmpty();
  }
}
