package dev.berth.server.command;

import dev.berth.server.handler.Handler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The server's command: runs until SIGTERM or SIGINT, drains, and exits with 0. */
@Command(
    name = "berth-server",
    description = "Serves each connection with one virtual thread, within a limit that moves.",
    footer = {"", "Every option also reads an environment variable: BERTH_LIMIT for --limit."},
    mixinStandardHelpOptions = true,
    versionProvider = BerthServer.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class BerthServer implements Callable<Integer> {
  private static final String LOG_LINE = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

  @Mixin private ServerOptions options = new ServerOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Function<ServerOptions, Handler> handler;
  private final Environment environment;

  private BerthServer(Function<ServerOptions, Handler> handler, Environment environment) {
    this.handler = handler;
    this.environment = environment;
  }

  /** Runs the command; exits with 2 for a bad option, 1 if it can't start. */
  public static void main(String[] arguments) {
    run(ServerOptions::handler, arguments);
  }

  /** Runs it with a handler of one's own. */
  static void run(Function<ServerOptions, Handler> handler, String... arguments) {
    logByTheLine();
    pollOnSystemThreads();
    int status = commandLine(handler, System.getenv()).execute(arguments);
    if (status != ExitCode.OK) {
      System.exit(status);
    }
  }

  // Before the first logger is made, and without touching SteadyLogs: that would make the JDK's own
  // manager first.
  private static void logByTheLine() {
    System.setProperty("java.util.logging.manager", SteadyLogs.class.getName());
    String format = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(format) == null) {
      System.setProperty(format, LOG_LINE);
    }
  }

  // The connections have pollers of their own. What else waits for a socket, an upstream's say, is
  // woken by a thread of the system, which can't be kept from it by those that are woken. The JDK
  // reads it with the first virtual thread that waits.
  private static void pollOnSystemThreads() {
    String mode = "jdk.pollerMode";
    if (System.getProperty(mode) == null) {
      System.setProperty(mode, "1");
    }
  }

  /** The command, with the environment that its options may come from. */
  static CommandLine commandLine(Map<String, String> environment) {
    return commandLine(ServerOptions::handler, environment);
  }

  private static CommandLine commandLine(
      Function<ServerOptions, Handler> handler, Map<String, String> environment) {
    Environment variables = new Environment(environment);
    return new CommandLine(new BerthServer(handler, variables))
        .setDefaultValueProvider(variables)
        .registerConverter(Duration.class, new Durations())
        .registerConverter(InetSocketAddress.class, new Addresses())
        .setParameterExceptionHandler(
            (bad, arguments) -> refuse(bad, variables.sentence(bad, arguments)))
        .setExecutionExceptionHandler(BerthServer::fail);
  }

  private static int refuse(CommandLine.ParameterException bad, String sentence) {
    bad.getCommandLine().getErr().println("berth-server: " + sentence);
    return ExitCode.USAGE;
  }

  private static int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(failure instanceof IOException)) {
      throw failure;
    }
    command.getErr().println("berth-server: " + OneLine.of(failure));
    return ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws IOException {
    options
        .conflict()
        .ifPresent(conflict -> {
          throw new CommandLine.ParameterException(spec.commandLine(), conflict);
        });
    RunningServer running = RunningServer.start(options, handler.apply(options));
    LastResort lastResort = running.watch();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> end(running, lastResort)));
    warnOfIdleOptions();
    // Only now, as whoever reads it may send a signal at once.
    running.announce();
    return ExitCode.OK;
  }

  private void warnOfIdleOptions() {
    Logger log = System.getLogger(BerthServer.class.getName());
    for (OptionSpec option : spec.options()) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)
          || environment.isSet(option)) {
        String name = option.longestName();
        options
            .missingFor(name)
            .ifPresent(other -> log.log(Level.WARNING, name + " does nothing without " + other));
      }
    }
  }

  // In a shutdown hook, which is where a signal leads; and with a halt, since the JVM would
  // otherwise make the exit status 143.
  private static void end(RunningServer running, LastResort lastResort) {
    try {
      running.close();
      Runtime.getRuntime().halt(lastResort.status());
    } catch (RuntimeException failure) {
      Logger log = System.getLogger(BerthServer.class.getName());
      log.log(Level.ERROR, "the server did not end well", failure);
      Runtime.getRuntime().halt(ExitCode.SOFTWARE);
    }
  }

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = BerthServer.class.getPackage().getImplementationVersion();
      return new String[] {"berth-server " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
