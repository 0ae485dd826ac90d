package dev.berth.e2e;

import static dev.berth.e2e.Governed.assertLeftAlone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A human's word goes first: paused, or Off, the operator tells what it would do, and does nothing.
 */
class PausedE2E {
  @RegisterExtension static final Berth BERTH = Berth.installed("paused", 1);

  @Test
  void pausedNothingIsWritten() {
    Workload workload = Workload.start(BERTH, 1);
    var policy = workload.policy(Map.of("minReplicas", 2));
    policy.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
    BERTH.client().resource(policy).create();
    awaitReport(workload);
    assertThat(said(workload)).containsIgnoringCase("paused");
    assertLeftAlone(workload);

    workload.policy().edit(PausedE2E::unpaused);
    await().atMost(Duration.ofSeconds(30)).until(() -> workload.replicas() == 2);
  }

  @Test
  void offItOnlyRecommends() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Map.of("minReplicas", 2, "updatePolicy", Map.of("updateMode", "Off")));
    awaitReport(workload);
    assertThat(workload.status("desiredReplicas")).hasValue(2);
    assertThat(said(workload)).contains("Off");
    assertLeftAlone(workload);
  }

  @Test
  void limitsOnlyLeavesReplicasAlone() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Map.of("minReplicas", 2, "updatePolicy", Map.of("updateMode", "LimitsOnly")));
    await().atMost(Duration.ofSeconds(20)).until(() -> !workload.marks().isEmpty());
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> workload.replicas() == 1);
  }

  private static void awaitReport(Workload workload) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> workload.status("connectionLimit").isPresent());
  }

  /** Its last decision and its conditions, in its own words. */
  private static String said(Workload workload) {
    return workload.status("reason") + " " + workload.status("conditions");
  }

  private static GenericKubernetesResource unpaused(GenericKubernetesResource policy) {
    policy.getMetadata().setAnnotations(Map.of());
    return policy;
  }
}
