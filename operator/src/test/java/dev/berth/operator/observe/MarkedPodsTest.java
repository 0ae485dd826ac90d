package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.Annotations;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarkedPodsTest {
  private static Set<String> drain(String cost) {
    return MarkedPods.drain(
        new PodBuilder()
            .withNewMetadata()
            .addToAnnotations(Annotations.DRAIN, "true")
            .addToAnnotations(Annotations.DRAIN_STARTED, "2026-01-01T00:00:00Z")
            .addToAnnotations(Annotations.DELETION_COST, cost)
            .endMetadata()
            .build());
  }

  @Test
  void ofADeletionCostOnlyTheOperatorsOwnIsItsDrains() {
    assertThat(drain(Annotations.CHOSEN))
        .containsExactlyInAnyOrder(
            Annotations.DRAIN, Annotations.DRAIN_STARTED, Annotations.DELETION_COST);
    assertThat(drain("100"))
        .containsExactlyInAnyOrder(Annotations.DRAIN, Annotations.DRAIN_STARTED);
  }
}
