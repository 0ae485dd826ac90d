package dev.berth.operator.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.operator.local.PolicyFile.Good;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalIT {
  // A process holds 60; 54 of them (over 70 % and a tenth) bring a second one, and none is refused.
  private static final String POLICY =
      """
      apiVersion: berth.dev/v1alpha1
      kind: ConnectionPolicy
      metadata: {name: wave}
      spec:
        scaleTargetRef: {kind: Deployment, name: wave}
        maxReplicas: 3
        connections: {minLimit: 5, maxLimit: 60, panicUtilization: 100}
        behavior: {scaleDown: {stabilizationWindowSeconds: 2}}
        drain: {timeoutSeconds: 30}
      """;
  private static final WaveShape WAVE =
      new WaveShape(
          54,
          Duration.ofSeconds(6),
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  private final HttpClient browser = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private String get(InetSocketAddress server, String path) throws IOException {
    try {
      var uri = URI.create("http://" + Settings.text(server) + path);
      return browser.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  private JsonNode state(LocalRun run) throws IOException {
    return json.readTree(get(run.page(), "/state.json"));
  }

  @Test
  void aWaveBringsAProcessAndItsEndTakesItAwayDrained(@TempDir Path directory) throws IOException {
    Path policy = directory.resolve("policy.yaml");
    Files.writeString(policy, POLICY);
    var settings =
        new Settings(anyPort(), anyPort(), 128 << 20, 0, Optional.of(WAVE), Duration.ofMillis(250));

    try (var run =
        LocalRun.start(
            (Good) PolicyFile.read(policy),
            settings,
            new PrintStream(out, true, UTF_8),
            InstantSource.system())) {
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> state(run), state -> state.at("/processes/1/phase").asText().equals("serving"));
      assertThat(get(run.serving(), "/")).contains("hello");
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> state(run),
              state ->
                  state.at("/wave").asText().startsWith("over")
                      && state.at("/processes").size() == 1);

      assertThat(get(run.page(), "/")).contains("<title>berth local</title>");
      assertThat(get(run.page(), "/metrics"))
          .contains(
              "berth_policy_decisions_total{action=\"scale_up\",namespace=\"local\",policy=\"wave\"} 1.0",
              "berth_policy_decisions_total{action=\"drain\",namespace=\"local\",policy=\"wave\"} 1.0",
              "berth_policy_decisions_total{action=\"scale_down\",namespace=\"local\",policy=\"wave\"} 1.0");
      assertThat(state(run).at("/wave").asText()).contains(" 0 refused, 0 broken");
    }

    assertThat(out.toString(UTF_8))
        .containsSubsequence("Scaled: 1 → 2", "Draining: berth-", "Scaled: 2 → 1");
  }
}
