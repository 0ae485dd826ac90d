package dev.berth.operator.command;

import dev.berth.operator.local.LocalRun;
import dev.berth.operator.local.PolicyFile;
import dev.berth.operator.local.PolicyFile.Bad;
import dev.berth.operator.local.PolicyFile.Good;
import dev.berth.operator.local.Settings;
import dev.berth.operator.local.WaveShape;
import dev.berth.operator.reconcile.SteadyClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth-operator local}: the control loop over processes of this machine. */
@Command(
    name = "local",
    description =
        "Governs server processes on this machine as it would govern pods: the same decisions, without a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class LocalCommand implements Callable<Integer> {
  private static final long SHOWN_COST = 64 << 10;
  private static final Duration EBB = Duration.ofSeconds(90);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "POLICY.yaml", description = "the ConnectionPolicy to follow")
  private Path policy = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1:8080",
      description = "where the processes serve, all on one port; default ${DEFAULT-VALUE}")
  private InetSocketAddress listen = new InetSocketAddress(0);

  @Option(
      names = "--console",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1:9000",
      description = "where the page for the browser is; default ${DEFAULT-VALUE}")
  private InetSocketAddress console = new InetSocketAddress(0);

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "128Mi",
      converter = Sizes.class,
      description =
          "what a process may use, as a container's limit would say; default ${DEFAULT-VALUE}")
  private OptionalLong memory = OptionalLong.empty();

  @Option(
      names = "--connection-cost",
      paramLabel = "SIZE",
      converter = Sizes.class,
      description =
          "memory that each connection is made to hold, so that its cost shows; default 64Ki with --load, 0 without")
  private OptionalLong connectionCost = OptionalLong.empty();

  @Option(
      names = "--load",
      paramLabel = "N",
      defaultValue = "0",
      description = "put a wave of N connections on the processes; default ${DEFAULT-VALUE}: none")
  private int load;

  @Option(
      names = "--load-rise",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "how long the wave rises; it falls thrice as fast; default ${DEFAULT-VALUE}")
  private Duration rise = Duration.ZERO;

  @Option(
      names = "--load-hold",
      paramLabel = "TIME",
      defaultValue = "15s",
      description = "how long the wave holds; default ${DEFAULT-VALUE}")
  private Duration hold = Duration.ZERO;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "from one look and decision to the next; default ${DEFAULT-VALUE}")
  private Duration interval = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Good good =
        switch (PolicyFile.read(policy)) {
          case Good read -> read;
          case Bad(String sentence) -> throw new ParameterException(spec.commandLine(), sentence);
        };
    LocalRun run =
        LocalRun.start(
            good,
            settings(),
            System.out,
            new SteadyClock(InstantSource.system(), System::nanoTime));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(run)));
    run.await();
    return ExitCode.OK;
  }

  private Settings settings() {
    check(load >= 0, "--load is %d; it must not be negative".formatted(load));
    check(interval.isPositive(), "--interval must be above 0");
    Optional<WaveShape> wave =
        load == 0
            ? Optional.empty()
            : Optional.of(new WaveShape(load, rise, hold, rise.dividedBy(3), EBB));
    return new Settings(
        listen,
        console,
        memory.orElseThrow(),
        connectionCost.orElse(load == 0 ? 0 : SHOWN_COST),
        wave,
        interval);
  }

  private void check(boolean right, String sentence) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }

  // In a shutdown hook, which is where Ctrl-C leads; and with a halt, since the JVM would otherwise
  // make the exit status 130.
  private static void end(LocalRun run) {
    try {
      run.close();
      System.out.println();
      System.out.println("ended; no process is left");
      Runtime.getRuntime().halt(ExitCode.OK);
    } catch (RuntimeException failure) {
      System.err.println("berth-operator: the end was not clean: " + failure);
      Runtime.getRuntime().halt(ExitCode.SOFTWARE);
    }
  }
}
