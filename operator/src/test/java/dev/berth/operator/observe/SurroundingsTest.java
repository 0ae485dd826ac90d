package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  private static ConnectionPolicy policy(String name, String created, String mode) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: %s, namespace: n, creationTimestamp: '%s'}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}
          updatePolicy: {updateMode: %s}
        """
            .formatted(name, created, mode),
        ConnectionPolicy.class);
  }

  private static final ConnectionPolicy OLD = policy("old", "2026-01-01T00:00:00Z", "Auto");
  private static final ConnectionPolicy NEW = policy("a-new", "2026-01-02T00:00:00Z", "Auto");

  private static HorizontalPodAutoscaler autoscaler(String target) {
    return Serialization.unmarshal(
        """
        metadata: {name: hpa, namespace: n}
        spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}, maxReplicas: 2}
        """
            .formatted(target),
        HorizontalPodAutoscaler.class);
  }

  @Test
  void theOldestPolicyGoverns() {
    assertThat(Surroundings.conflict(NEW, Stream.of(NEW, OLD), Stream.empty()))
        .hasValueSatisfying(conflict -> {
          assertThat(conflict.sentence()).contains("ConnectionPolicy old", "Deployment chat");
          assertThat(conflict.drains()).isTrue();
        });
    assertThat(Surroundings.conflict(OLD, Stream.of(NEW, OLD), Stream.empty())).isEmpty();
  }

  @Test
  void ofPoliciesOfOneSecondTheFirstByNameGoverns() {
    ConnectionPolicy twin = policy("a-twin", "2026-01-01T00:00:00Z", "Auto");

    assertThat(Surroundings.conflict(OLD, Stream.of(OLD, twin), Stream.empty())).isPresent();
    assertThat(Surroundings.conflict(twin, Stream.of(OLD, twin), Stream.empty())).isEmpty();
  }

  @Test
  void anAutoscalerOfTheSameTargetIsNamed() {
    assertThat(Surroundings.conflict(OLD, Stream.of(OLD), Stream.of(autoscaler("chat"))))
        .hasValueSatisfying(conflict -> {
          assertThat(conflict.sentence())
              .startsWith("HorizontalPodAutoscaler hpa scales Deployment chat");
          assertThat(conflict.drains()).isFalse();
        });
    assertThat(Surroundings.conflict(OLD, Stream.of(OLD), Stream.of(autoscaler("other"))))
        .isEmpty();
  }

  @Test
  void anAutoscalerMayScaleWhatOnlyGetsLimits() {
    ConnectionPolicy limits = policy("limits", "2026-01-01T00:00:00Z", "LimitsOnly");

    assertThat(Surroundings.conflict(limits, Stream.of(limits), Stream.of(autoscaler("chat"))))
        .isEmpty();
  }

  @Test
  void theTightestBudgetOfThePodsCounts() {
    Pod pod = new PodBuilder().withNewMetadata().addToLabels("app", "chat").endMetadata().build();

    assertThat(
            Surroundings.disruptionsAllowed(
                List.of(pod), Stream.of(budget("chat", 3), budget("chat", 1), budget("other", 0))))
        .hasValue(1);
    assertThat(Surroundings.disruptionsAllowed(List.of(pod), Stream.of(budget("other", 0))))
        .isEmpty();
  }

  private static PodDisruptionBudget budget(String app, int allowed) {
    return Serialization.unmarshal(
        """
        metadata: {name: b, namespace: n}
        spec: {selector: {matchLabels: {app: %s}}}
        status: {disruptionsAllowed: %d}
        """
            .formatted(app, allowed),
        PodDisruptionBudget.class);
  }
}
