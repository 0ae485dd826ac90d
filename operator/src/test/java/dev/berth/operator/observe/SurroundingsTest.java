package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Workload.Conflict;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  private static ConnectionPolicy policy(String name, String created, String mode) {
    return policy(name, created, mode, "apps/v1, kind: Deployment, name: chat");
  }

  private static ConnectionPolicy policy(String name, String created, String mode, String target) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: %s, namespace: n, creationTimestamp: '%s'}
        spec:
          scaleTargetRef: {apiVersion: %s}
          updatePolicy: {updateMode: %s}
        """
            .formatted(name, created, target, mode),
        ConnectionPolicy.class);
  }

  private static final ConnectionPolicy OLD = policy("old", "2026-01-01T00:00:00Z", "Auto");
  private static final ConnectionPolicy NEW = policy("a-new", "2026-01-02T00:00:00Z", "Auto");

  private static final ScaleTargetRef REPLICAS = new ScaleTargetRef("apps/v1", "ReplicaSet", "r");
  private static final ScaleTargetRef DEPLOYMENT =
      new ScaleTargetRef("apps/v1", "Deployment", "chat");
  private static final Set<ScaleTargetRef> CONTROLLERS = Set.of(REPLICAS, DEPLOYMENT);

  private static boolean selects(ScaleTargetRef ref) {
    return ref.kind().equals("Farm");
  }

  private static ConnectionPolicy ofReplicas(String name, String created) {
    return policy(name, created, "Auto", "apps/v1, kind: ReplicaSet, name: r");
  }

  private static ConnectionPolicy ofPool(String name, String created) {
    return policy(name, created, "Auto", "example.com/v1, kind: Pool, name: chat");
  }

  private static Optional<Conflict> conflict(
      ConnectionPolicy policy, ConnectionPolicy... policies) {
    return Surroundings.conflict(
        policy, CONTROLLERS, SurroundingsTest::selects, Stream.of(policies), Stream.empty());
  }

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
    assertThat(conflict(NEW, NEW, OLD))
        .hasValueSatisfying(conflict -> {
          assertThat(conflict.sentence()).contains("ConnectionPolicy old", "Deployment chat");
          assertThat(conflict.drains()).isTrue();
        });
    assertThat(conflict(OLD, NEW, OLD)).isEmpty();
  }

  @Test
  void ofPoliciesOfOneSecondTheFirstByNameGoverns() {
    ConnectionPolicy twin = policy("a-twin", "2026-01-01T00:00:00Z", "Auto");

    assertThat(conflict(OLD, OLD, twin)).isPresent();
    assertThat(conflict(twin, OLD, twin)).isEmpty();
  }

  @Test
  void ofPoliciesOfWorkloadsThatHaveTheSamePodsTheOldestGoverns() {
    ConnectionPolicy older = ofReplicas("part", "2025-12-31T00:00:00Z");

    assertThat(conflict(OLD, OLD, older))
        .hasValueSatisfying(conflict -> {
          assertThat(conflict.sentence())
              .isEqualTo(
                  "ConnectionPolicy part governs the pods of Deployment chat already, as those of"
                      + " ReplicaSet r; this one changes nothing until one of the two policies is"
                      + " deleted");
          assertThat(conflict.drains()).isTrue();
        });
    assertThat(conflict(older, OLD, older)).isEmpty();
  }

  @Test
  void aPolicyOfAWorkloadThatHasOtherPodsIsNoConflict() {
    ConnectionPolicy other =
        policy("other", "2025-12-31T00:00:00Z", "Auto", "apps/v1, kind: StatefulSet, name: chat");

    assertThat(conflict(OLD, OLD, other)).isEmpty();
  }

  @Test
  void whatOnlySelectsPodsLeavesThemToAPolicyOfTheirControllers() {
    ConnectionPolicy pool = ofPool("pool", "2025-12-31T00:00:00Z");

    assertThat(conflict(pool, pool, OLD))
        .hasValueSatisfying(conflict ->
            assertThat(conflict.sentence())
                .contains("ConnectionPolicy old", "the pods of Pool chat", "Deployment chat"));
    assertThat(conflict(pool, pool, ofPool("a-pool", "2026-01-01T00:00:00Z"))).isEmpty();
  }

  @Test
  void ofWorkloadsThatOnlySelectTheSamePodsTheOldestPolicyGoverns() {
    ConnectionPolicy farm =
        policy("farm", "2025-12-31T00:00:00Z", "Auto", "example.com/v1, kind: Farm, name: f");
    ConnectionPolicy younger = ofPool("pool", "2026-01-01T00:00:00Z");

    assertThat(conflict(younger, younger, farm))
        .hasValueSatisfying(conflict ->
            assertThat(conflict.sentence())
                .contains("ConnectionPolicy farm", "the pods of Pool chat", "Farm f"));
    ConnectionPolicy older = ofPool("pool", "2025-12-30T00:00:00Z");
    assertThat(conflict(older, older, farm)).isEmpty();
    assertThat(conflict(OLD, OLD, farm)).as("of what controls them").isEmpty();
  }

  @Test
  void anAutoscalerOfWhatControlsThePodsIsNamed() {
    ConnectionPolicy part = ofReplicas("part", "2025-12-31T00:00:00Z");

    assertThat(
            Surroundings.conflict(
                part,
                CONTROLLERS,
                SurroundingsTest::selects,
                Stream.of(part),
                Stream.of(autoscaler("chat"))))
        .hasValueSatisfying(conflict ->
            assertThat(conflict.sentence())
                .startsWith("HorizontalPodAutoscaler hpa scales Deployment chat"));
  }

  @Test
  void anAutoscalerOfTheSameTargetIsNamed() {
    assertThat(
            Surroundings.conflict(
                OLD,
                CONTROLLERS,
                SurroundingsTest::selects,
                Stream.of(OLD),
                Stream.of(autoscaler("chat"))))
        .hasValueSatisfying(conflict -> {
          assertThat(conflict.sentence())
              .startsWith("HorizontalPodAutoscaler hpa scales Deployment chat");
          assertThat(conflict.drains()).isFalse();
        });
    assertThat(
            Surroundings.conflict(
                OLD,
                CONTROLLERS,
                SurroundingsTest::selects,
                Stream.of(OLD),
                Stream.of(autoscaler("other"))))
        .isEmpty();
  }

  @Test
  void anAutoscalerMayScaleWhatOnlyGetsLimits() {
    ConnectionPolicy limits = policy("limits", "2026-01-01T00:00:00Z", "LimitsOnly");

    assertThat(
            Surroundings.conflict(
                limits,
                CONTROLLERS,
                SurroundingsTest::selects,
                Stream.of(limits),
                Stream.of(autoscaler("chat"))))
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
