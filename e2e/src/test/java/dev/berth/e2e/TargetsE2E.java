package dev.berth.e2e;

import static dev.berth.e2e.Connections.assertUnbroken;
import static dev.berth.e2e.Connections.awaitOpen;
import static dev.berth.e2e.Governed.awaitLimit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Crew;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workloads of other kinds than Deployments: a StatefulSet, and whatever has a scale. */
class TargetsE2E {
  @RegisterExtension static final Berth BERTH = Berth.installed("targets", 1);

  @Test
  void aStatefulSetGrowsAndGivesBackItsHighestOrdinals() {
    Workload workload = Workload.start(BERTH, 0);
    var template = workload.deployment().require().getSpec();
    var set =
        new StatefulSetBuilder()
            .withNewMetadata()
            .withName("ordered")
            .withNamespace(BERTH.namespace())
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .withSelector(template.getSelector())
            .withTemplate(template.getTemplate())
            .endSpec()
            .build();
    workload.deployment().delete();
    var sets = BERTH.client().apps().statefulSets().inNamespace(BERTH.namespace());
    BERTH.client().resource(set).create();
    try (var pods = new PodsSeen(workload)) {
      sets.withName("ordered").waitUntilReady(60, TimeUnit.SECONDS);
      workload.govern(spec("apps/v1", "StatefulSet", "ordered"));
      Clients clients = Clients.start(BERTH, workload);
      awaitLimit(workload, Duration.ofSeconds(30));
      clients.connections(52);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sets.withName("ordered").get().getSpec().getReplicas() == 2);
      await().atMost(Duration.ofSeconds(60)).until(() -> ready(workload) == 2);
      awaitOpen(clients, 52, Duration.ofSeconds(60));

      clients.connections(20);
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> sets.withName("ordered").get().getSpec().getReplicas() == 1);
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.pods().size() == 1);
      assertThat(pods.removed()).containsExactly("ordered-1");
      assertThat(pods.removedUndrained()).isEmpty();
      awaitOpen(clients, 20, Duration.ofSeconds(60));
      assertUnbroken(clients);
    } finally {
      sets.withName("ordered").delete();
    }
  }

  @Test
  void aKindOfOthersIsGovernedByItsScale() {
    Workload workload = Workload.start(BERTH, 1);
    try (var crew = Crew.of(workload, 1)) {
      workload.govern(spec(Crew.API_VERSION, Crew.KIND, Crew.NAME));
      awaitLimit(workload, Duration.ofSeconds(30));
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(52);
      await().atMost(Duration.ofSeconds(60)).until(() -> crew.replicas() == 2);
      assertThat(workload.replicas()).as("the Deployment beneath, which is its owner's").isOne();
      assertUnbroken(clients);
    }
  }

  private static Map<String, Object> spec(String apiVersion, String kind, String name) {
    var spec = new HashMap<String, Object>(Policies.quick(1, 3));
    spec.put("scaleTargetRef", Map.of("apiVersion", apiVersion, "kind", kind, "name", name));
    return spec;
  }

  private static long ready(Workload workload) {
    return workload.pods().stream().filter(pod -> Readiness.isPodReady(pod)).count();
  }
}
