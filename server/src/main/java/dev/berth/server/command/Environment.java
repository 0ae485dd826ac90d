package dev.berth.server.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Reads an option that is not on the command line from the environment: {@code BERTH_LIMIT_FILE}
 * for {@code --limit-file}. An empty variable counts as none, and {@code --help} and {@code
 * --version} have none: what is set for other purposes must not keep the command from its work.
 */
public final class Environment implements IDefaultValueProvider {
  private final Map<String, String> variables;

  /** The options that these variables give. */
  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  // picocli takes null for "no default here".
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !isSet(option)) {
      return null;
    }
    String value = variables.getOrDefault(variable(option), "");
    // picocli would take any other word for false.
    if (option.typeInfo().isBoolean() && !value.matches("true|false")) {
      throw new ParameterException(
          option.command().commandLine(),
          "Invalid value for option '%s': '%s' is neither true nor false"
              .formatted(option.longestName(), value),
          option,
          value);
    }
    return value;
  }

  /** Whether it gives this option. */
  boolean isSet(OptionSpec option) {
    return !option.usageHelp()
        && !option.versionHelp()
        && !variables.getOrDefault(variable(option), "").isEmpty();
  }

  /**
   * What is wrong, in one line, with the variable that it came from, unless that is the command
   * line.
   */
  public String sentence(ParameterException bad, String... arguments) {
    String sentence = OneLine.of(bad);
    return bad.getArgSpec() instanceof OptionSpec option
            && isSet(option)
            && Arrays.stream(arguments).noneMatch(argument -> gives(argument, option))
        ? variable(option) + ": " + sentence
        : sentence;
  }

  private static boolean gives(String argument, OptionSpec option) {
    return Arrays.stream(option.names())
        .anyMatch(name -> argument.equals(name) || argument.startsWith(name + "="));
  }

  /** The variable's name. */
  static String variable(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    return "BERTH_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
