package dev.berth.e2e.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.e2e.cluster.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every expression of the dashboards and the alerts has a figure, asked of a Prometheus that
 * scrapes a fleet under load, and a door before it.
 */
class PrometheusIT {
  private static final String[] NEEDED = {"prometheus", "promtool"};

  @SuppressWarnings("NullAway.Init") // JUnit sets it before startAll
  @TempDir
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // absent only where the tests are skipped
  private static LocalFleet fleet;

  @SuppressWarnings("NullAway.Init") // absent only where the tests are skipped
  private static Door door;

  @SuppressWarnings("NullAway.Init") // absent only where the tests are skipped
  private static Prometheus prometheus;

  @BeforeAll
  static void startAll() throws IOException {
    for (String program : NEEDED) {
      assumeTrue(
          Program.inPath(program),
          "skipped: no %s in PATH (Debian: apt install prometheus)".formatted(program));
    }
    fleet = LocalFleet.start(200);
    door = Door.start(fleet.port());
    prometheus = Prometheus.start(folder, fleet.consolePort());
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(IOException.class) // until Prometheus and the door listen
        .until(() -> {
          fleet.mustBeRunning();
          scrapeAll();
          return door.ask() == 200 && !prometheus.ask("berth_connections").isEmpty();
        });
  }

  @AfterAll
  static void endAll() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (door != null) {
      door.close();
    }
    if (fleet != null) {
      fleet.close();
    }
  }

  static List<Expression> dashboards() throws IOException {
    return Expression.ofDashboards();
  }

  static List<Expression> alerts() throws IOException {
    return Expression.ofAlerts();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aPanelShowsData(Expression expression) {
    assertGivesData(expression);
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertWatchesAFigureThatIsThere(Expression expression) {
    assertThat(expression.text()).as("the comparison is cut off").doesNotEndWith("0");
    assertGivesData(expression);
  }

  @Test
  void theRulesPassPromtoolAndFireWhereTheyShould() {
    assertThat(Program.of("deploy/test/rules").succeed()).contains("SUCCESS");
  }

  private static void assertGivesData(Expression expression) {
    await()
        .alias(expression.text())
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        .until(() -> {
          scrapeAll();
          door.ask();
          return !prometheus.ask(expression.text()).isEmpty();
        });
  }

  private static void scrapeAll() throws IOException {
    var servers = new TreeMap<>(fleet.adminPorts());
    servers.put("door", door.adminPort());
    prometheus.servers(servers);
  }
}
