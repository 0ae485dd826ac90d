package dev.berth.benchmarks.scale;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What more pods than can be pretended on a machine would take, from the costs that {@link Scale}
 * measures: by arithmetic what adds up, and by simulation how long rounds wait for a processor when
 * each is due at a moment of its own.
 */
@Command(
    name = "projection",
    mixinStandardHelpOptions = true,
    description = "what 10,000 to 100,000 pods take, by shards, from the costs that were measured")
public final class Projection implements Callable<Integer> {
  private static final int SECONDS = 20;
  private static final int FIGURES_PER_SECOND = 20;
  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  @Option(
      names = "--pods",
      split = ",",
      defaultValue = "10000,30000,100000",
      description = "default ${DEFAULT-VALUE}")
  private int[] pods = {};

  @Option(
      names = "--shards",
      split = ",",
      defaultValue = "1,2,5,10,20",
      description = "default ${DEFAULT-VALUE}")
  private int[] shards = {};

  @Option(
      names = "--per-policy",
      defaultValue = "10",
      description = "pods of a policy; default ${DEFAULT-VALUE}")
  private int perPolicy;

  @Option(
      names = "--cores",
      defaultValue = "1",
      description = "of one operator; default ${DEFAULT-VALUE}")
  private int cores;

  @Option(
      names = "--scrape-micros",
      defaultValue = "65",
      description = "processor time; default ${DEFAULT-VALUE}")
  private double scrapeMicros;

  @Option(
      names = "--round-micros",
      defaultValue = "200",
      description = "without its scrapes; default ${DEFAULT-VALUE}")
  private double roundMicros;

  @Option(
      names = "--pod-kib",
      defaultValue = "7",
      description = "of memory, the kernel's for its connection included; default ${DEFAULT-VALUE}")
  private double podKib;

  @Option(
      names = "--policy-kib",
      defaultValue = "20",
      description = "of memory; default ${DEFAULT-VALUE}")
  private double policyKib;

  @Option(
      names = "--base-mib",
      defaultValue = "145",
      description = "of memory without pods; default ${DEFAULT-VALUE}")
  private double baseMib;

  @Option(names = "--seed", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
  private long seed;

  private Projection() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Projection()).execute(arguments));
  }

  @Override
  public Integer call() {
    System.out.println(
        """
        | pods | operators | scrapes/s each | cores used each | MiB each | status writes/s, all | late ms p50, p95, p99 |
        |---:|---:|---:|---:|---:|---:|---|\
        """);
    for (int all : pods) {
      for (int operators : shards) {
        System.out.println(row(all, operators));
      }
    }
    return 0;
  }

  private String row(int all, int operators) {
    int own = all / operators;
    int policies = Math.max(1, own / perPolicy);
    double micros = roundMicros + perPolicy * scrapeMicros;
    double[] late = late(policies, micros / 1000);
    return "| %,d | %d | %,d | %.2f | %.0f | %d | %s |"
        .formatted(
            all,
            operators,
            own,
            policies * micros / 1e6,
            baseMib + (own * podKib + policies * policyKib) / 1024,
            operators * Math.min(FIGURES_PER_SECOND, Math.max(1, policies / 5)),
            policies * micros / 1e6 >= cores
                ? "falls behind"
                : "%.1f, %.1f, %.1f".formatted(at(late, 0.5), at(late, 0.95), at(late, 0.99)));
  }

  /**
   * Milliseconds that each round waits for a core, sorted: policies are due at random moments of
   * the second, and a round takes a core for an exponentially distributed time, as garbage
   * collections and neighbours make it vary.
   */
  private double[] late(int policies, double meanMillis) {
    RandomGenerator random = RANDOM.create(seed);
    double[] due = random.doubles(policies, 0, 1000).sorted().toArray();
    var free = new PriorityQueue<Double>();
    for (int core = 0; core < cores; core++) {
      free.add(0.0);
    }
    double[] late = new double[policies * SECONDS];
    int next = 0;
    for (int second = 0; second < SECONDS; second++) {
      for (double moment : due) {
        double wanted = 1000.0 * second + moment;
        double start = Math.max(wanted, free.remove());
        late[next++] = start - wanted;
        free.add(start + meanMillis * random.nextExponential());
      }
    }
    Arrays.sort(late);
    return late;
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
  }
}
