package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.cluster.Workload.Condition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What can't be right is refused with the field's name, or shows as a condition, and changes
 * nothing.
 */
class BadInputE2E {
  @RegisterExtension static final Berth BERTH = Berth.installed("bad", 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spec.minReplicas                     | {"minReplicas": 5, "maxReplicas": 2}
          spec.minReplicas                     | {"minReplicas": 0}
          spec.maxReplicas                     | {"maxReplicas": "many"}
          spec.connections.minLimit            | {"connections": {"minLimit": 100, "maxLimit": 50}}
          spec.connections.targetUtilization   | {"connections": {"targetUtilization": 0}}
          spec.connections.panicUtilization    | {"connections": {"panicUtilization": 101}}
          spec.memory.targetUtilization        | {"memory": {"targetUtilization": 95, "pressureUtilization": 90}}
          spec.memory.source                   | {"memory": {"source": "Guess"}}
          spec.metrics.port                    | {"metrics": {"port": 70000}}
          spec.drain.timeoutSeconds            | {"drain": {"timeoutSeconds": -1}}
          spec.updatePolicy.updateMode         | {"updatePolicy": {"updateMode": "Sometimes"}}
          spec.fallback.replicas               | {"fallback": {"replicas": 99}}
          spec.scaleTargetRef.name             | {"scaleTargetRef": {"kind": "Deployment"}}
          spec.behavior.scaleDown.tolerance    | {"behavior": {"scaleDown": {"tolerance": "-1"}}}
          """)
  void anInvalidPolicyIsRefusedByTheFieldsName(String field, String spec) throws IOException {
    var fields = new ObjectMapper().readValue(spec, new TypeReference<Map<String, Object>>() {});
    assertThatThrownBy(() -> Workload.at(BERTH).govern(fields))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(field);
  }

  @Test
  void aMissingTargetShowsInReady() {
    Workload.at(BERTH).govern(Map.of());
    Condition ready = condition(Workload.at(BERTH), "Ready", "False");
    assertThat(ready.reason()).isEqualTo("TargetNotFound");
    assertThat(ready.message()).contains(Workload.NAME);
  }

  @Test
  void aTargetWithoutTheMetricsPortShowsAndIsLeftAlone() {
    Workload workload = Workload.start(BERTH, 1);
    String pod = workload.pods().getFirst().getMetadata().getName();
    workload.govern(Map.of("metrics", Map.of("port", 9999)));
    Condition metrics = condition(workload, "MetricsAvailable", "False");
    assertThat(metrics.reason()).isNotEmpty();
    assertThat(metrics.message()).contains(pod);
    assertLeftAlone(workload);
  }

  @Test
  void anHpaOnTheSameTargetShowsAsConflictAndNothingIsChanged() {
    Workload workload = Workload.start(BERTH, 1);
    var hpa =
        new HorizontalPodAutoscalerBuilder()
            .withNewMetadata()
            .withName("by-cpu")
            .withNamespace(BERTH.namespace())
            .endMetadata()
            .withNewSpec()
            .withNewScaleTargetRef("apps/v1", "Deployment", Workload.NAME)
            .withMinReplicas(1)
            .withMaxReplicas(3)
            .endSpec()
            .build();
    BERTH.client().resource(hpa).create();
    try {
      workload.govern(Map.of("minReplicas", 2));
      Condition conflict = condition(workload, "Conflict", "True");
      assertThat(conflict.message()).contains("by-cpu");
      assertLeftAlone(workload);
    } finally {
      BERTH.client().resource(hpa).delete();
    }
  }

  private static Condition condition(Workload workload, String type, String status) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> workload.condition(type),
            condition -> condition.map(Condition::status).equals(Optional.of(status)))
        .orElseThrow();
  }

  private static void assertLeftAlone(Workload workload) {
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> workload.replicas() == 1 && workload.marks().isEmpty());
  }
}
