package dev.berth.server.command;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Reads an option that is not on the command line from the environment: {@code BERTH_LIMIT_FILE}
 * for {@code --limit-file}. An empty variable counts as none.
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
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String value = variables.get(variable(option));
    if (value == null || value.isEmpty()) {
      return null;
    }
    // picocli would take any other word for false.
    if (option.typeInfo().isBoolean() && !value.matches("true|false")) {
      throw new ParameterException(
          option.command().commandLine(),
          "Invalid value for option '%s' (%s): '%s' is neither true nor false"
              .formatted(option.longestName(), variable(option), value));
    }
    return value;
  }

  /** The variable's name. */
  static String variable(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    return "BERTH_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
