package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Workload.Removal;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemovalOrderTest {
  private static final ScaleTargetRef ROLLOUT =
      new ScaleTargetRef("argoproj.io/v1alpha1", "Rollout", "chat");

  private static Removal statefulSet(String spec) {
    return RemovalOrder.of(
        new ScaleTargetRef("apps/v1", "StatefulSet", "chat"),
        Optional.of(Serialization.unmarshal("spec: {%s}".formatted(spec), StatefulSet.class)),
        List.of());
  }

  private static Pod of(String kind) {
    return new PodBuilder()
        .withNewMetadata()
        .addNewOwnerReference()
        .withKind(kind)
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  private static Removal rollout(String owner) {
    return RemovalOrder.of(ROLLOUT, Optional.empty(), List.of(of(owner)));
  }

  @Test
  void aStatefulSetRemovesOnePodAfterTheOtherUnlessItIsParallel() {
    assertThat(statefulSet("replicas: 2")).isEqualTo(Removal.HIGHEST_ORDINAL_FIRST);
    assertThat(statefulSet("podManagementPolicy: OrderedReady"))
        .isEqualTo(Removal.HIGHEST_ORDINAL_FIRST);
    assertThat(statefulSet("podManagementPolicy: Parallel"))
        .isEqualTo(Removal.HIGHEST_ORDINALS_AT_ONCE);
  }

  @Test
  void anotherKindRemovesAsWhatItStandsOn() {
    assertThat(rollout("ReplicaSet")).isEqualTo(Removal.CHEAPEST_FIRST);
    assertThat(rollout("CloneSet")).isEqualTo(Removal.CHEAPEST_FIRST);
    assertThat(rollout("StatefulSet")).isEqualTo(Removal.HIGHEST_ORDINAL_FIRST);
  }

  @Test
  void whatControlsPodsItselfIsNotKnownToRemoveThoseThatAreTold() {
    assertThat(rollout("Rollout")).isEqualTo(Removal.UNKNOWN);
    assertThat(
            RemovalOrder.of(
                ROLLOUT,
                Optional.empty(),
                List.of(
                    of("ReplicaSet"), new PodBuilder().withNewMetadata().endMetadata().build())))
        .as("pods of nobody among them")
        .isEqualTo(Removal.UNKNOWN);
  }
}
