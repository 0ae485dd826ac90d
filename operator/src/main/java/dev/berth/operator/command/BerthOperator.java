package dev.berth.operator.command;

import dev.berth.server.command.Addresses;
import dev.berth.server.command.Durations;
import dev.berth.server.command.Environment;
import dev.berth.server.command.OneLine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;

/** The operator's command; its subcommands do the work. */
@Command(
    name = "berth-operator",
    description =
        "Moves each pod's connection limit, and the number of pods, with what is observed.",
    subcommands = {RunCommand.class, LocalCommand.class, SimulateCommand.class},
    footer = {"", "Every option also reads an environment variable: BERTH_LISTEN for --listen."},
    mixinStandardHelpOptions = true,
    versionProvider = BerthOperator.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class BerthOperator {
  private BerthOperator() {}

  public static void main(String[] arguments) {
    Logs.byTheLine();
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /** The command, with the environment that its options may come from. */
  static CommandLine commandLine(Map<String, String> environment) {
    Environment variables = new Environment(environment);
    return new CommandLine(new BerthOperator())
        .setDefaultValueProvider(variables)
        .registerConverter(Duration.class, new Durations())
        .registerConverter(InetSocketAddress.class, new Addresses())
        .setParameterExceptionHandler(
            (bad, arguments) -> refuse(bad, variables.sentence(bad, arguments)))
        .setExecutionExceptionHandler(BerthOperator::fail);
  }

  private static int refuse(CommandLine.ParameterException bad, String sentence) {
    bad.getCommandLine().getErr().println("berth-operator: " + sentence);
    return ExitCode.USAGE;
  }

  private static int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(failure instanceof IOException)) {
      throw failure;
    }
    command.getErr().println("berth-operator: " + OneLine.of(failure));
    return ExitCode.SOFTWARE;
  }

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = BerthOperator.class.getPackage().getImplementationVersion();
      return new String[] {"berth-operator " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
