package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.MergePatch;
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
import java.util.Set;
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

  @Test
  void aTargetThatCantBeFoundOutHoldsThePodsOfItsNamespaceAlone() throws IOException {
    var policy =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: ConnectionPolicy
            metadata: {name: chat, namespace: n, uid: u1}
            spec: {scaleTargetRef: {apiVersion: example.com/v1, kind: Widget, name: chat}}
            """,
            ConnectionPolicy.class);
    try (var api = new ApiServer();
        var client = api.client();
        var cluster = new Cluster(client, Set.of());
        var scrape = new Scrape()) {
      api.lists("pods", drained("n"), drained("m"));
      api.answers("/namespaces/m/pods/chat-a", drained("m"));
      api.refuses("/apis/example.com/v1", "the API is forbidden");
      var targets = new Targets(cluster);
      new Observer(cluster, targets, scrape).policiesFrom(new KnownPolicies(policy));
      cluster.start();
      await().until(cluster::synced);
      var patches = new MergePatch(client);
      var leftovers =
          new Leftovers(
              cluster,
              new MarkedPods(cluster, targets),
              new PodMarks(client, patches, cluster),
              new Memory(),
              new Cadence(Duration.ofSeconds(1)),
              new Events(client, patches, "operator-a"),
              new StatusQueue(new StatusWrite(patches), InstantSource.system(), delay -> {}),
              new PolicyMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));

      leftovers.run();

      assertThat(api.written)
          .singleElement()
          .asString()
          .startsWith("PATCH /api/v1/namespaces/m/pods/chat-a ");
    }
  }
}
