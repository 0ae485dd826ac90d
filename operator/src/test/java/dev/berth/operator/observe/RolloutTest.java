package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static boolean deployment(String status) {
    return Rollout.of(
        Serialization.unmarshal(
            """
            metadata: {name: d, generation: 4}
            spec: {replicas: 3}
            status: {%s}
            """
                .formatted(status),
            Deployment.class));
  }

  private static boolean statefulSet(String spec, String status) {
    return Rollout.of(
        Serialization.unmarshal(
            """
            metadata: {name: s, generation: 4}
            spec: {replicas: 3, %s}
            status: {observedGeneration: 4, replicas: 3, %s}
            """
                .formatted(spec, status),
            StatefulSet.class));
  }

  @Test
  void podsThatAreNotReadyAreNoRollout() {
    assertThat(
            deployment(
                "observedGeneration: 4, replicas: 3, updatedReplicas: 3, readyReplicas: 1,"
                    + " unavailableReplicas: 2"))
        .isFalse();
  }

  @Test
  void aChangeThatItsControllerHasNotSeenIsARollout() {
    assertThat(deployment("observedGeneration: 3, replicas: 3, updatedReplicas: 3")).isTrue();
    assertThat(deployment("")).isTrue();
  }

  @Test
  void podsOfAnOlderTemplateAreARollout() {
    assertThat(deployment("observedGeneration: 4, replicas: 3, updatedReplicas: 2")).isTrue();
  }

  @Test
  void anotherNumberOfPodsThanToldIsARollout() {
    assertThat(deployment("observedGeneration: 4, replicas: 4, updatedReplicas: 4")).isTrue();
  }

  @Test
  void podsOfTwoTemplatesAreARolloutOfAKindWhoseStatusIsNotKnown() {
    assertThat(Rollout.among(target("argoproj.io", "Rollout"), pods("a", "b"))).isTrue();
    assertThat(Rollout.among(target("argoproj.io", "Rollout"), pods("a", "a"))).isFalse();
    assertThat(Rollout.among(target("apps", "StatefulSet"), pods("a", "b"))).isFalse();
  }

  private static Target target(String group, String kind) {
    return new Target(
        "n",
        new ScaleTargetRef(group + "/v1", kind, "chat"),
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion("v1")
            .withKind(kind)
            .build(),
        "uid",
        2,
        false,
        Selector.parse("app=chat"));
  }

  private static List<Pod> pods(String... templates) {
    return Stream.of(templates)
        .map(hash ->
            new PodBuilder()
                .withNewMetadata()
                .addToLabels("rollouts-pod-template-hash", hash)
                .endMetadata()
                .build())
        .toList();
  }

  @Test
  void aStatefulSetThatReplacesItsPodsRolls() {
    String older = "updatedReplicas: 1, currentRevision: a, updateRevision: b";

    assertThat(statefulSet("updateStrategy: {type: RollingUpdate}", older)).isTrue();
    assertThat(statefulSet("updateStrategy: {type: OnDelete}", older)).isFalse();
    assertThat(
            statefulSet(
                "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}", older))
        .isFalse();
    assertThat(
            statefulSet(
                "updateStrategy: {type: RollingUpdate}",
                "updatedReplicas: 3, currentRevision: b, updateRevision: b"))
        .isFalse();
  }
}
