package dev.berth.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {
  private static final String POLICY = "../examples/simulate.yaml";
  private static final String SURGE = "../examples/traces/surge.csv";

  private final StringWriter told = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @TempDir private Path directory = Path.of("");

  private int simulate(String... arguments) {
    return BerthOperator.commandLine(Map.of())
        .setOut(new PrintWriter(told, true))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }

  @Test
  void aRunIsToldInATableAndWrittenAsOne() throws IOException {
    int status = simulate("simulate", POLICY, SURGE, "--out", directory.toString());

    assertThat(status).isZero();
    assertThat(told.toString())
        .contains("| surge ", "| Berth ", "times real time")
        .doesNotContain("KEDA");
    assertThat(Files.readAllLines(directory.resolve("surge-berth.csv"))).hasSize(901);
    assertThat(directory.resolve("surge-berth.png")).isNotEmptyFile();
  }

  @Test
  void whatWentWithKilledPodsIsNoConnectionThatWasBroken() throws IOException {
    simulate("simulate", POLICY, "../examples/traces/node-lost.csv", "--out", directory.toString());

    List<String> lines = Files.readAllLines(directory.resolve("node-lost-berth.csv"));
    List<String> columns = List.of(lines.getFirst().split(",", -1));
    assertThat(sum(lines, columns.indexOf("broken"))).isZero();
    assertThat(sum(lines, columns.indexOf("lost"))).isPositive();
  }

  private static long sum(List<String> lines, int column) {
    return lines.stream()
        .skip(1)
        .mapToLong(line -> Long.parseLong(line.split(",", -1)[column]))
        .sum();
  }

  @Test
  void tracesOfOneNameAreRefusedWhereTheirFilesWouldBeOne() throws IOException {
    Path other = Files.copy(Path.of(SURGE), directory.resolve("surge.csv"));

    int status = simulate("simulate", POLICY, SURGE, other.toString(), "--out", "target/out");

    assertThat(status).isEqualTo(2);
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .contains("surge.csv would be written to the same files in --out");
  }

  @Test
  void anUnusableFolderIsToldBeforeAnythingIsSimulated() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    int status = simulate("simulate", POLICY, SURGE, "--out", file + "/within");

    assertThat(status).isEqualTo(2);
    assertThat(told.toString()).isEmpty();
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .contains("/within, which can't be made a folder");
  }

  @Test
  void othersAreShownBesideItWhenAsked() {
    simulate("simulate", POLICY, SURGE, "--compare");

    assertThat(told.toString()).contains("| Berth ", "| HPA, ", "| KEDA, ", "| KEDA + ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          no.yaml SURGE                 | no.yaml can't be read: there is no such file
          POLICY no.csv                 | no.csv can't be read: there is no such file
          POLICY                        | Missing required parameter
          POLICY SURGE --memory=16Mi    | --base must be below --memory
          POLICY SURGE --memory=much    | much
          POLICY SURGE --noise=60       | --noise is 60.0; it must be 0 to 50
          POLICY SURGE --sticky=-1      | --sticky is -1.0; it must be 0 to 100
          POLICY SURGE --retry=90s      | --retry is 90000 ms; it must be 100ms to 60s
          POLICY SURGE --replicas=-1    | --replicas is -1; it must not be negative
          POLICY SURGE --fixed-limit=-1 | --fixed-limit is -1; it must not be negative
          """)
  void whatIsWrongIsOneLineAndExitStatus2(String arguments, String sentence) {
    String line = "simulate " + arguments.replace("POLICY", POLICY).replace("SURGE", SURGE);

    assertThat(simulate(line.split(" +"))).isEqualTo(2);
    assertThat(errors.toString().lines()).singleElement().asString().contains(sentence);
  }
}
