package dev.berth.e2e;

import static dev.berth.e2e.Connections.assertUnbroken;
import static dev.berth.e2e.Connections.awaitOpen;
import static dev.berth.e2e.Governed.awaitCondition;
import static dev.berth.e2e.Policies.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.cluster.Workload.Condition;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong around a governed workload, and what others do to it meanwhile. */
class FaultsE2E {
  private static final int PODS = 3;

  @RegisterExtension static final Berth BERTH = Berth.installed("faults", 1);

  @Test
  void aPodKilledForItsMemoryComesBackWithALowerLimitAndOthersTakeTheRest() {
    // 55 of 2 MiB are more than 128Mi hold; the policy's first guess takes them for 64 KiB
    Workload workload = Workload.start(BERTH, 1, "--pin-bytes-per-connection=2097152");
    workload.govern(Policies.quick(1, PODS));
    awaitLimit(workload, LIMIT);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(55);
    await().atMost(Duration.ofSeconds(60)).until(() -> kills(workload) > 0);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            workload.pods().stream()
                .map(FaultsE2E::written)
                .anyMatch(limit -> limit.isPresent() && limit.get() < LIMIT));
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> clients.counts().open() == 55 && workload.readyReplicas() > 1);
    assertThat(kills(workload)).as("kills until all are served").isLessThanOrEqualTo(3);
    assertThat(workload.events()).anyMatch(event -> event.getReason().equals("Pressure"));
    System.out.println("e2e: " + clients.counts());
  }

  @Test
  void aDisruptionBudgetKeepsPodsThatAreNotNeeded() {
    Workload workload = Workload.start(BERTH, PODS);
    var budget =
        new PodDisruptionBudgetBuilder()
            .withNewMetadata()
            .withName("all-of-them")
            .withNamespace(BERTH.namespace())
            .endMetadata()
            .withNewSpec()
            .withMinAvailable(new IntOrString(PODS))
            .withSelector(workload.deployment().require().getSpec().getSelector())
            .endSpec()
            .build();
    BERTH.client().resource(budget).create();
    try {
      workload.govern(Policies.quick(1, PODS));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              String.valueOf(workload.status("reason"))
                  .contains("PodDisruptionBudget lets no pod go"));
      assertNoDrain(workload, PODS);
    } finally {
      BERTH.client().resource(budget).delete();
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> workload.replicas() == 1);
  }

  @Test
  void aRolloutUnderAPolicyBreaksNoConnectionAndKeepsItsPods() {
    Workload workload = Workload.start(BERTH, 2);
    workload.govern(Policies.quick(1, PODS));
    awaitLimit(workload, LIMIT);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(50);
    awaitOpen(clients, 50);
    var before = workload.uids();

    workload.deployment().rolling().restart();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> {
          assertThat(workload.replicas()).isBetween(2, PODS);
          return Collections.disjoint(workload.uids(), before);
        });
    awaitOpen(clients, 50);
    awaitLimit(workload, LIMIT);
    assertUnbroken(clients);
  }

  @Test
  void aTargetThatIsDeletedAndMadeAgainIsGovernedAgain() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Policies.quick(1, PODS));
    awaitLimit(workload, LIMIT);

    workload.removeServers();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> workload.condition("Ready").map(Condition::reason),
            Optional.of("TargetNotFound")::equals);
    Workload again = Workload.start(BERTH, 1);
    awaitLimit(again, LIMIT);
    awaitCondition(again, "Ready", "True");
  }

  @Test
  void anHpaThatComesLaterHasTheReplicasUntilItGoes() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Policies.quick(1, PODS));
    awaitLimit(workload, LIMIT);
    var hpa = workload.hpa("came-later", PODS);
    BERTH.client().resource(hpa).create();
    try {
      Condition conflict = awaitCondition(workload, "Conflict", "True");
      assertThat(conflict.message()).contains("came-later");
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(55);
      awaitOpen(clients, 55);
      assertNoDrain(workload, 1);
    } finally {
      BERTH.client().resource(hpa).delete();
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> workload.replicas() == 2);
  }

  @Test
  void aPolicyDeletedInADrainLeavesLimitsInForceAndNothingElse() {
    Workload workload = Workload.start(BERTH, PODS);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(30);
    awaitOpen(clients, 30);
    try (var pods = new PodsSeen(workload)) {
      workload.govern(Policies.quick(1, PODS));
      pods.awaitDrain();
      workload.policy().delete();
      await().atMost(Duration.ofSeconds(5)).until(() -> workload.policy().get() == null);
      await().atMost(Duration.ofSeconds(20)).until(() -> workload.marks().isEmpty());
    }
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            workload.pods().stream()
                .allMatch(pod ->
                    workload.metric(pod, "berth_connection_limit").orElse(0) == LIMIT
                        && workload.metric(pod, "berth_limit_generation").orElse(-1) == 0));
    assertThat(workload.replicas()).isEqualTo(PODS);
    awaitOpen(clients, 30);
    assertUnbroken(clients);
  }

  /** Over five minutes, since that is how long a pod may start. */
  @Test
  @EnabledIfSystemProperty(named = "whole", matches = "true")
  void aPodThatNoNodeHasRoomForIsTheFirstToGo() {
    Workload workload = Workload.start(BERTH, FaultsE2E::alone);
    workload.govern(Policies.quick(1, PODS));
    Clients clients = Clients.start(BERTH, workload);
    try (var pods = new PodsSeen(workload)) {
      clients.connections(52);
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.replicas() == 2);
      Pod serving =
          workload.pods().stream()
              .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
              .findFirst()
              .orElseThrow();
      clients.connections(20);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> String.valueOf(workload.status("reason")).contains("1 pod is starting"));
      await().atMost(Duration.ofMinutes(7)).until(() -> workload.replicas() == 1);
      await().atMost(Duration.ofSeconds(10)).until(() -> workload.pods().size() == 1);
      assertThat(workload.pods().getFirst().getMetadata().getUid())
          .isEqualTo(serving.getMetadata().getUid());
      assertThat(pods.removedUndrained()).isEmpty();
      awaitOpen(clients, 20);
      assertUnbroken(clients);
    }
  }

  /** One pod a node: of one node there is no room for a second. */
  private static DeploymentBuilder alone(DeploymentBuilder deployment) {
    return deployment
        .editSpec()
        .withReplicas(1)
        .editTemplate()
        .editSpec()
        .withNewAffinity()
        .withNewPodAntiAffinity()
        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withTopologyKey("kubernetes.io/hostname")
        .withNewLabelSelector()
        .addToMatchLabels("app.kubernetes.io/name", Workload.NAME)
        .endLabelSelector()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endPodAntiAffinity()
        .endAffinity()
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  /** Waits until it is written on every pod, in force there or not yet. */
  private static void awaitLimit(Workload workload, int limit) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            !workload.pods().isEmpty()
                && workload.pods().stream()
                    .allMatch(pod -> written(pod).equals(Optional.of(limit))));
  }

  private static Optional<Integer> written(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations())
        .flatMap(annotations -> Optional.ofNullable(annotations.get("berth.dev/limit")))
        .map(Integer::valueOf);
  }

  private static int kills(Workload workload) {
    return workload.pods().stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .mapToInt(container -> container.getRestartCount())
        .sum();
  }

  /** Longer than the window after which fewer pods would do. */
  private static void assertNoDrain(Workload workload, int replicas) {
    await()
        .during(Duration.ofSeconds(8))
        .atMost(Duration.ofSeconds(12))
        .until(() ->
            workload.replicas() == replicas && !workload.marks().containsKey("berth.dev/drain"));
  }
}
