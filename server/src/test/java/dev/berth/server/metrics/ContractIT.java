package dev.berth.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.Rotation;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.LiveMemory;
import dev.berth.server.memory.PinnedBytes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The names, kinds and labels that others are built on, in the text that they scrape from a server
 * that has just started.
 */
final class ContractIT {
  // One look at a fresh server serves all the tests that only read it.
  private static String text = "";

  @BeforeAll
  static void look() throws Exception {
    text = scrape("", "text/plain");
  }

  private static String scrape(String query, String accept) throws Exception {
    try (Exposition exposition = new Exposition()) {
      ServerMetrics metrics = new ServerMetrics(exposition.registry());
      try (Server server =
              TestServers.builder().limit(ConnectionLimit.of(840)).events(metrics).start();
          Server admin = TestServers.builder().handler(exposition).start();
          RawClient client = RawClient.connect(admin)) {
        ServerGauges gauges =
            new ServerGauges(
                exposition.registry(),
                server,
                Rotation.of(server.limit()),
                ContainerMemory.ofProcess(1 << 27),
                LiveMemory.of(PinnedBytes.each(0)));
        exposition.beforeScrape(gauges::look);
        return client
            .send(
                "GET /metrics"
                    + query
                    + " HTTP/1.1\r\nHost: x\r\nAccept: "
                    + accept
                    + "\r\nConnection: close\r\n\r\n")
            .readAll();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "berth_connections gauge",
        "berth_connection_limit gauge",
        "berth_connections_waiting gauge",
        "berth_semaphore_saturation gauge",
        "berth_connections_accepted_total counter",
        "berth_connections_rejected_total counter",
        "berth_connections_closed_total counter",
        "berth_requests_total counter",
        "berth_requests_in_flight gauge",
        "berth_request_duration_seconds histogram",
        "berth_connection_requests histogram",
        "berth_connection_duration_seconds histogram",
        "berth_memory_limit_bytes gauge",
        "berth_memory_working_set_bytes gauge",
        "berth_memory_live_bytes gauge",
        "berth_memory_code_bytes gauge",
        "berth_limit_generation gauge",
        "berth_draining gauge",
        "berth_limit_file_errors_total counter",
      })
  void hasTheKind(String nameAndKind) {
    assertThat(text).contains("\n# TYPE " + nameAndKind + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "berth_connections{state=\"new\"} 0.0",
        "berth_connections{state=\"active\"} 0.0",
        "berth_connections{state=\"idle\"} 0.0",
        "berth_connections{state=\"hijacked\"} 0.0",
        "berth_connection_limit 840.0",
        "berth_connections_waiting 0.0",
        "berth_semaphore_saturation{semaphore=\"connections\"} 0.0",
        "berth_semaphore_saturation{semaphore=\"requests\"} 0.0",
        "berth_connections_accepted_total 0.0",
        "berth_connections_rejected_total{reason=\"limit\"} 0.0",
        "berth_connections_rejected_total{reason=\"client_limit\"} 0.0",
        "berth_connections_rejected_total{reason=\"draining\"} 0.0",
        "berth_connections_rejected_total{reason=\"queue_timeout\"} 0.0",
        "berth_connections_rejected_total{reason=\"hung_up\"} 0.0",
        "berth_connections_closed_total{reason=\"client\"} 0.0",
        "berth_connections_closed_total{reason=\"idle\"} 0.0",
        "berth_connections_closed_total{reason=\"age\"} 0.0",
        "berth_connections_closed_total{reason=\"drain\"} 0.0",
        "berth_connections_closed_total{reason=\"shed\"} 0.0",
        "berth_connections_closed_total{reason=\"header_timeout\"} 0.0",
        "berth_connections_closed_total{reason=\"read_timeout\"} 0.0",
        "berth_connections_closed_total{reason=\"write_timeout\"} 0.0",
        "berth_connections_closed_total{reason=\"protocol_error\"} 0.0",
        "berth_connections_closed_total{reason=\"handler_error\"} 0.0",
        "berth_connections_closed_total{reason=\"io_error\"} 0.0",
        "berth_connections_closed_total{reason=\"forced\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.0\",status=\"2xx\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.1\",status=\"1xx\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.1\",status=\"2xx\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.1\",status=\"3xx\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.1\",status=\"4xx\"} 0.0",
        "berth_requests_total{protocol=\"HTTP/1.1\",status=\"5xx\"} 0.0",
        "berth_requests_in_flight 0.0",
        "berth_request_duration_seconds_count 0",
        "berth_request_duration_seconds_bucket{le=\"0.001\"} 0",
        "berth_connection_requests_bucket{le=\"1.0\"} 0",
        "berth_connection_duration_seconds_bucket{le=\"60.0\"} 0",
        "berth_memory_limit_bytes 1.34217728E8",
        "berth_limit_generation 0.0",
        "berth_draining 0.0",
        "berth_limit_file_errors_total 0.0",
        "jvm_memory_used_bytes{",
        "process_uptime_seconds ",
        "process_files_open_files ",
      })
  void hasFromTheStart(String series) {
    assertThat(text).contains("\n" + series);
  }

  @Test
  void tellsOnlyWhatIsNamed() throws Exception {
    String named =
        scrape(
            "?name%5B%5D=berth_draining&name%5B%5D=berth_connections_rejected_total&name%5B%5D=no",
            "text/plain");
    assertThat(named.lines().filter(line -> line.startsWith("berth_")))
        .hasSize(6)
        .allMatch(line ->
            line.startsWith("berth_draining 0.0")
                || line.startsWith("berth_connections_rejected_total{reason="));
    assertThat(named).doesNotContain("jvm_");
  }

  @Test
  void tellsItsMemory() {
    assertThat(text)
        .containsPattern("\nberth_memory_working_set_bytes [1-9]")
        .containsPattern("\nberth_memory_live_bytes [1-9]")
        .containsPattern("\nberth_memory_code_bytes [1-9]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/openmetrics-text;q=0",
        "text/plain;version=0.0.4;q=1,application/openmetrics-text;q=0.1"
      })
  void speaksTextToThoseWhoWouldRatherHaveIt(String accept) throws Exception {
    assertThat(scrape("", accept))
        .contains("Content-Type: text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void speaksOpenMetricsToThoseWhoAcceptIt() throws Exception {
    assertThat(scrape("", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"))
        .contains("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8")
        .contains("# TYPE berth_connections_accepted counter")
        .contains("# EOF");
  }
}
