package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.operator.apply.ApiWrites;
import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.PodMarks;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusWrite;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.observe.Scrape;
import dev.berth.operator.observe.Targets;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeftoversIT {
  private static String drained(String namespace) {
    return """
    {"metadata":{"name":"chat-a","namespace":"%1$s","uid":"%1$s-a","resourceVersion":"1",
      "annotations":{"berth.dev/drain":"true","berth.dev/drain-started":"2026-01-01T00:00:00Z"}},
     "spec":{"containers":[]},"status":{"phase":"Running"}}
    """
        .formatted(namespace);
  }

  private static final String KINDS =
      """
      {"resources":[{"name":"widgets","kind":"Widget","namespaced":true},
                    {"name":"widgets/scale","kind":"Scale","namespaced":true}]}
      """;

  private static void has(ApiServer api, String scale) {
    api.answers("/apis/example.com/v1", KINDS);
    api.answers("/namespaces/n/widgets/chat/scale", scale);
  }

  @Test
  void aTargetThatCantBeFoundOutHoldsThePodsOfItsNamespaceAlone() throws IOException {
    assertThat(
            cleared("example.com/v1", "Widget", api -> api.refuses("/apis/example.com/v1", "no")))
        .as("whose kinds can't be asked for")
        .containsExactly("m");
    assertThat(
            cleared(
                "example.com/v1",
                "Widget",
                api -> api.answers("/apis/example.com/v1", "{\"resources\":[]}")))
        .as("of a kind that isn't served")
        .containsExactly("m");
    assertThat(
            cleared(
                "example.com/v1",
                "Widget",
                api -> {
                  has(api, "{}");
                  api.refuses("/widgets/chat/scale", "no");
                }))
        .as("whose scale may not be read")
        .containsExactly("m");
    assertThat(
            cleared(
                "example.com/v1",
                "Widget",
                api ->
                    has(
                        api,
                        "{\"metadata\":{\"uid\":\"w\"},\"spec\":{},\"status\":{\"replicas\":0}}")))
        .as("whose scale names no selector")
        .containsExactly("m");
    assertThat(
            cleared(
                "example.com/v1",
                "Widget",
                api -> {
                  has(api, "{}");
                  api.servesNo("/widgets/chat/scale");
                }))
        .as("of a kind that is served no more")
        .containsExactly("m");
  }

  @Test
  void aTargetThatIsNotThereHoldsNoPod() throws IOException {
    assertThat(cleared("apps/v1", "Deployment", api -> {})).containsExactlyInAnyOrder("m", "n");
    assertThat(
            cleared(
                "example.com/v1",
                "Widget",
                api -> {
                  has(api, "{}");
                  api.hasNo("/widgets/chat/scale", "widgets", "chat");
                }))
        .containsExactlyInAnyOrder("m", "n");
  }

  /**
   * The namespaces of m and n whose drained pod is cleared, where n has a policy of this target.
   */
  private static List<String> cleared(String apiVersion, String kind, Consumer<ApiServer> world)
      throws IOException {
    var policy =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: ConnectionPolicy
            metadata: {name: chat, namespace: n, uid: u1}
            spec: {scaleTargetRef: {apiVersion: %s, kind: %s, name: chat}}
            """
                .formatted(apiVersion, kind),
            ConnectionPolicy.class);
    try (var api = new ApiServer();
        var cluster = new Cluster(api.client(), Set.of());
        var scrape = new Scrape()) {
      api.lists("pods", drained("n"), drained("m"));
      api.answers("/namespaces/n/pods/chat-a", drained("n"));
      api.answers("/namespaces/m/pods/chat-a", drained("m"));
      world.accept(api);
      var targets = new Targets(cluster);
      new Observer(cluster, targets, scrape).policiesFrom(new KnownPolicies(policy));
      cluster.start();
      await().until(cluster::synced);
      var patches = new ApiWrites(api.client());
      var leftovers =
          new Leftovers(
              cluster,
              new MarkedPods(cluster, targets),
              new PodMarks(api.client(), patches, cluster),
              new Memory(),
              new Cadence(Duration.ofSeconds(1)),
              new Events(api.client(), patches, "operator-a"),
              new StatusQueue(new StatusWrite(patches), InstantSource.system(), delay -> {}),
              new PolicyMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));

      leftovers.run();

      return Stream.of("m", "n")
          .filter(each -> !api.written("/namespaces/%s/pods/chat-a".formatted(each)).isEmpty())
          .toList();
    }
  }
}
