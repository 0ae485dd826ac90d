package dev.berth.e2e;

import static dev.berth.e2e.Governed.assertLeftAlone;
import static dev.berth.e2e.Governed.awaitCondition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.cluster.Workload.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.Map;
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
    Condition ready = awaitCondition(Workload.at(BERTH), "Ready", "False");
    assertThat(ready.reason()).isEqualTo("TargetNotFound");
    assertThat(ready.message()).contains(Workload.NAME);
  }

  @Test
  void aTargetWithoutTheMetricsPortShowsAndIsLeftAlone() {
    Workload workload = Workload.start(BERTH, 1);
    String pod = workload.pods().getFirst().getMetadata().getName();
    workload.govern(Map.of("metrics", Map.of("port", 9999)));
    Condition metrics = awaitCondition(workload, "MetricsAvailable", "False");
    assertThat(metrics.reason()).isNotEmpty();
    assertThat(metrics.message()).contains(pod);
    assertLeftAlone(workload);
  }

  @Test
  void anHpaOnTheSameTargetShowsAsConflictAndNothingIsChanged() {
    Workload workload = Workload.start(BERTH, 1);
    var hpa = workload.hpa("by-cpu", 3);
    BERTH.client().resource(hpa).create();
    try {
      workload.govern(Map.of("minReplicas", 2));
      Condition conflict = awaitCondition(workload, "Conflict", "True");
      assertThat(conflict.message()).contains("by-cpu");
      assertLeftAlone(workload);
    } finally {
      BERTH.client().resource(hpa).delete();
    }
  }
}
