package dev.berth.operator.command;

import dev.berth.operator.decide.Policy;
import dev.berth.operator.local.PolicyFile;
import dev.berth.operator.simulate.Comparison;
import dev.berth.operator.simulate.Contender;
import dev.berth.operator.simulate.Plot;
import dev.berth.operator.simulate.Rivals;
import dev.berth.operator.simulate.Run;
import dev.berth.operator.simulate.RunCsv;
import dev.berth.operator.simulate.Setting;
import dev.berth.operator.simulate.Simulation;
import dev.berth.operator.simulate.Trace;
import dev.berth.operator.simulate.TraceFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth-operator simulate}: a policy tried on a trace. */
@Command(
    name = "simulate",
    description =
        "Tries a policy on a trace of connections, thousands of times faster than it would happen, without a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SimulateCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "POLICY.yaml", description = "the ConnectionPolicy to try")
  private Path policy = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TRACE.csv",
      description = "what clients want over time; docs/simulate.md says what it holds")
  private List<Path> traces = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "write a table and a plot of each run into this folder")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--compare",
      description =
          "simulate the same under models of HorizontalPodAutoscaler on memory and of KEDA on connections")
  private boolean compare;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "128Mi",
      converter = Sizes.class,
      description = "a container's memory limit; default ${DEFAULT-VALUE}")
  private OptionalLong memory = OptionalLong.empty();

  @Option(
      names = "--base",
      paramLabel = "SIZE",
      defaultValue = "38Mi",
      converter = Sizes.class,
      description = "what a pod uses without connections; default ${DEFAULT-VALUE}")
  private OptionalLong base = OptionalLong.empty();

  @Option(
      names = "--noise",
      paramLabel = "PERCENT",
      defaultValue = "2",
      description =
          "how far the memory of connections strays, one standard deviation; default ${DEFAULT-VALUE}")
  private double noise;

  @Option(
      names = "--sticky",
      paramLabel = "PERCENT",
      defaultValue = "25",
      description =
          "how much of what connections used at most stays with the pod when they have gone; default ${DEFAULT-VALUE}")
  private double sticky;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "from a pod's creation until it is ready, about; default ${DEFAULT-VALUE}")
  private Duration start = Duration.ZERO;

  @Option(
      names = "--retry",
      paramLabel = "TIME",
      defaultValue = "1s",
      description =
          "after which a client comes back that was refused or lost its connection, about; default ${DEFAULT-VALUE}")
  private Duration retry = Duration.ZERO;

  @Option(
      names = "--ask",
      paramLabel = "TIME",
      defaultValue = "2s",
      description =
          "from one request of a busy connection to the next, about; default ${DEFAULT-VALUE}")
  private Duration ask = Duration.ZERO;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "pods to begin with; default: as many as the trace's first row needs")
  private int replicas;

  @Option(
      names = "--fixed-limit",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "with --compare, the limit that is set by hand, KEDA's target in proportion; default: what the policy's memory.targetUtilization allows at the trace's first cost")
  private int fixedLimit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "of what is left to chance: equal seeds give equal runs; default ${DEFAULT-VALUE}")
  private long seed;

  @Override
  public Integer call() throws IOException {
    check();
    checkNames();
    out.ifPresent(this::create);
    Policy tried =
        switch (PolicyFile.read(policy)) {
          case PolicyFile.Good(String name, Policy read) -> read;
          case PolicyFile.Bad(String sentence) -> throw refused(sentence);
        };
    for (Path file : traces) {
      Trace trace =
          switch (TraceFile.read(file)) {
            case TraceFile.Good(Trace read) -> read;
            case TraceFile.Bad(String sentence) -> throw refused(sentence);
          };
      simulate(tried, name(file), trace);
    }
    return ExitCode.OK;
  }

  private void simulate(Policy tried, String name, Trace trace) throws IOException {
    Setting setting = setting(tried, trace);
    Rivals rivals =
        Rivals.of(
            tried,
            trace,
            setting,
            fixedLimit == 0 ? OptionalInt.empty() : OptionalInt.of(fixedLimit));
    long began = System.nanoTime();
    var runs = new ArrayList<Run>();
    for (Contender contender : compare ? Contender.values() : new Contender[] {Contender.BERTH}) {
      runs.add(Simulation.run(tried, trace, setting, rivals, contender));
    }
    double took = (System.nanoTime() - began) / NANOS;
    PrintWriter terminal = spec.commandLine().getOut();
    var comparison = new Comparison(name, runs);
    terminal.print(comparison.table());
    comparison.shortcomings().forEach(each -> terminal.println("Berth falls short: " + each));
    terminal.printf(
        "%s of %d run(s) in %.2f s: %,.0f times real time%n%n",
        Duration.ofSeconds((long) trace.seconds()).toString().substring(2),
        runs.size(),
        took,
        trace.seconds() * runs.size() / took);
    terminal.flush();
    if (out.isPresent()) {
      write(out.get(), name, runs, setting);
    }
  }

  private static void write(Path folder, String name, List<Run> runs, Setting setting)
      throws IOException {
    // Pictures need no screen.
    System.setProperty("java.awt.headless", "true");
    for (Run run : runs) {
      String each = name + "-" + run.contender().name().toLowerCase(Locale.ROOT).replace('_', '-');
      Files.writeString(folder.resolve(each + ".csv"), RunCsv.of(run));
      Plot.write(
          name + ", " + run.contender().title(), run, setting, folder.resolve(each + ".png"));
    }
    if (runs.size() > 1) {
      Plot.compare(name, runs, setting, folder.resolve(name + ".png"));
    }
  }

  private Setting setting(Policy tried, Trace trace) {
    var unplaced =
        new Setting(
            memory.orElseThrow(),
            base.orElseThrow(),
            noise / 100,
            sticky / 100,
            ticks(start),
            ticks(retry),
            ticks(ask),
            Math.max(1, replicas),
            seed);
    return replicas > 0 ? unplaced : unplaced.placedFor(trace, tried);
  }

  private void check() {
    check(base.orElse(0) < memory.orElse(0), "--base must be below --memory");
    check(noise >= 0 && noise <= 50, "--noise is %s; it must be 0 to 50".formatted(noise));
    check(sticky >= 0 && sticky <= 100, "--sticky is %s; it must be 0 to 100".formatted(sticky));
    check(start, "--start", Duration.ofMinutes(10));
    check(retry, "--retry", Duration.ofMinutes(1));
    check(ask, "--ask", Duration.ofMinutes(10));
    check(replicas >= 0, "--replicas is %d; it must not be negative".formatted(replicas));
    check(fixedLimit >= 0, "--fixed-limit is %d; it must not be negative".formatted(fixedLimit));
  }

  // Each trace's files are named for it.
  private void checkNames() {
    Map<String, Path> named = new HashMap<>();
    for (Path file : traces) {
      Path other = named.put(name(file), file);
      check(
          out.isEmpty() || other == null,
          "%s and %s would be written to the same files in --out; give them names of their own"
              .formatted(other, file));
    }
  }

  // Before anything is simulated, which may take a while.
  private void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException impossible) {
      throw refused(
          "--out is %s, which can't be made a folder: it must be one that can be written to"
              .formatted(folder));
    }
    check(
        Files.isWritable(folder),
        "--out is %s, which can't be written to; it must be a folder that can".formatted(folder));
  }

  private void check(Duration time, String option, Duration most) {
    boolean right = time.toMillis() >= 100 && time.compareTo(most) <= 0;
    check(
        right,
        "%s is %d ms; it must be 100ms to %ds"
            .formatted(option, time.toMillis(), most.toSeconds()));
  }

  private void check(boolean right, String sentence) {
    if (!right) {
      throw refused(sentence);
    }
  }

  private static int ticks(Duration time) {
    return (int) (time.toMillis() * Setting.TICKS_PER_SECOND / 1000);
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".csv") ? name.substring(0, name.length() - 4) : name;
  }

  private ParameterException refused(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
