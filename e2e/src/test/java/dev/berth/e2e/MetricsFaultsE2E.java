package dev.berth.e2e;

import static dev.berth.e2e.Governed.awaitCondition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.StandIns;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.cluster.Workload.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods that tell nothing, or nothing that can be believed, are neither empty nor full. */
class MetricsFaultsE2E {
  private static final List<String> FAULTS = List.of("slow", "garbage", "silent");

  @RegisterExtension static final Berth BERTH = Berth.installed("metrics", 1);

  @Test
  void podsThatTellNothingUsableAreNeverTakenForEmptyOnes() {
    StandIns standIns = StandIns.start(BERTH, FAULTS.size() + 1);
    Workload workload = standIns.workload();
    List<Pod> pods = workload.pods();
    pods.forEach(pod -> standIns.be(pod, "honest 40"));
    workload.govern(Policies.quick(1, FAULTS.size() + 1));
    awaitCondition(workload, "MetricsAvailable", "True");

    for (int i = 0; i < FAULTS.size(); i++) {
      standIns.be(pods.get(i), FAULTS.get(i));
    }
    standIns.be(pods.getLast(), "honest 0");
    awaitCondition(workload, "MetricsAvailable", "False");
    // One after the other, so the first to be told are not yet all of them
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          String missing =
              workload.condition("MetricsAvailable").map(Condition::message).orElse("");
          for (int i = 0; i < FAULTS.size(); i++) {
            assertThat(missing).contains(pods.get(i).getMetadata().getName());
          }
        });
    // longer than the window after which fewer pods would do
    await()
        .during(Duration.ofSeconds(10))
        .atMost(Duration.ofSeconds(15))
        .until(() ->
            workload.replicas() == pods.size() && !workload.marks().containsKey("berth.dev/drain"));

    pods.forEach(pod -> standIns.be(pod, "honest 0"));
    awaitCondition(workload, "MetricsAvailable", "True");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> workload.marks().containsKey("berth.dev/drain"));
  }

  @Test
  void withoutAMetricsServerNothingIsChangedAndAConditionSaysWhy() {
    Workload workload = Workload.start(BERTH, 1);
    var services =
        BERTH.client().genericKubernetesResources("apiregistration.k8s.io/v1", "APIService");
    var metrics = services.withName("v1beta1.metrics.k8s.io").get();
    if (metrics != null) {
      services.withName("v1beta1.metrics.k8s.io").delete();
    }
    try {
      workload.govern(Map.of("minReplicas", 2, "memory", Map.of("source", "Metrics")));
      Condition missing = awaitCondition(workload, "MetricsAvailable", "False");
      assertThat(missing.message()).contains("metrics.k8s.io");
      await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(8))
          .until(() -> workload.marks().isEmpty());
    } finally {
      if (metrics != null) {
        metrics.getMetadata().setResourceVersion(null);
        BERTH.client().resource(metrics).create();
      }
    }
  }
}
