package dev.berth.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class OptionsTest {
  private final StringWriter errors = new StringWriter();

  private int run(Map<String, String> environment, String... arguments) {
    CommandLine command = BerthServer.commandLine(environment);
    command.setErr(new PrintWriter(errors));
    command.setOut(new PrintWriter(new StringWriter()));
    return command.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--limit lots | 'lots' is not auto, or a whole number from 0",
        "--limit -1 | '-1' is not auto, or a whole number from 0",
        "--request-limit 0 | '0' is not a whole number from 1",
        "--limit-per-client 0 | '0' is not a whole number from 1",
        "--header-timeout 5 | '5' is no duration such as 500ms, 30s or 5m",
        "--header-timeout 1000000000s | '1000000000s' is no duration such as 500ms, 30s or 5m",
        "--drain-timeout 240001h | '240001h' is longer than 10,000 days, which are 240000h",
        "--upstream-timeout 99999999h | '99999999h' is longer than 10,000 days",
        "--upstream-queue-timeout 99999999m | '99999999m' is longer than 10,000 days",
        "--listen 8080 | '8080' is no address such as 0.0.0.0:8080",
        "--listen :70000 | ':70000' has a port above 65535",
        "--handler proxy | expected one of [hello, echo] (case-sensitive) but was 'proxy'",
        "--when-full wait | expected one of [reject, queue] (case-sensitive) but was 'wait'",
        "--access-log xml | expected one of [off, text, json] (case-sensitive) but was 'xml'",
        "--upstream localhost:3000 | 'localhost:3000' is no URL such as http://127.0.0.1:3000",
        "--upstream https://app | 'https://app' is an https URL, but upstreams are spoken to by plain http",
        "--upstream-connections 0 | '0' is not a whole number from 1",
        "--upstream-timeout 5 | '5' is no duration such as 500ms, 30s or 5m",
        "--memory-limit 12Q | '12Q' is not a size in bytes",
        "--upstream http://app --handler echo | either --upstream or --handler answers: there can't be both",
        "--max-header-bytes 10 | '10' is not a whole number from 1024",
        "--memory-limit 0 | '0' is not a size from 1 byte",
        "--memory-limit 0Mi | '0Mi' is not a size from 1 byte",
        "--drain-timeout 1s | --drain-timeout has to be at least --drain-grace",
        "--frobnicate | Unknown option: '--frobnicate'",
        "8080 | Unmatched argument at index 0: '8080'",
        "--limit | Missing required parameter for option '--limit' (N|auto)",
        "--limit 1 --limit 2 | option '--limit' (N|auto) should be specified only once",
      })
  void refusesInOneLine(String arguments, String sentence) {
    assertThat(run(Map.of(), arguments.split(" "))).isEqualTo(2);
    assertThat(errors.toString()).contains(sentence).hasLineCount(1);
  }

  @Test
  void readsOptionsFromTheEnvironment() {
    assertThat(run(Map.of("BERTH_LIMIT_PER_CLIENT", "none"))).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualTo(
            "berth-server: BERTH_LIMIT_PER_CLIENT: Invalid value for option '--limit-per-client':"
                + " 'none' is not a whole number from 1\n");
  }

  @Test
  void namesTheVariableOfASwitchToo() {
    assertThat(run(Map.of("BERTH_ADMIN_WRITE", "yes"))).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualTo(
            "berth-server: BERTH_ADMIN_WRITE: Invalid value for option '--admin-write': 'yes' is"
                + " neither true nor false\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BERTH_VERSION", "BERTH_HELP"})
  void readsNeitherVersionNorHelpFromTheEnvironment(String variable) {
    for (String value : List.of("1.2", "true")) {
      assertThat(run(Map.of(variable, value), "--limit", "x")).isEqualTo(2);
      assertThat(errors.toString()).contains("--limit").hasLineCount(1);
      errors.getBuffer().setLength(0);
    }
  }

  static List<String> variables() {
    return BerthServer.commandLine(Map.of()).getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .map(Environment::variable)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("variables")
  void eachOptionIsAlsoReadFrom(String variable) {
    // What no option takes
    assertThat(run(Map.of(variable, "\0"))).isEqualTo(2);
    String option = "--" + variable.substring("BERTH_".length()).toLowerCase(Locale.ROOT);
    assertThat(errors.toString())
        .startsWith("berth-server: " + variable + ": ")
        .contains(option.replace('_', '-'))
        .hasLineCount(1);
  }

  @Test
  void prefersTheCommandLineToTheEnvironment() {
    assertThat(run(Map.of("BERTH_LIMIT", "none"), "--limit", "x")).isEqualTo(2);
    assertThat(errors.toString()).contains("'x'").doesNotContain("none").doesNotContain("BERTH_");
  }

  @Test
  void showsItsVersionAndItsHelp() {
    assertThat(run(Map.of(), "--version")).isZero();
    assertThat(run(Map.of(), "--help")).isZero();
  }
}
