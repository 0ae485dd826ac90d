package dev.berth.e2e;

import static dev.berth.e2e.Connections.assertUnbroken;
import static dev.berth.e2e.Governed.awaitLimit;
import static dev.berth.e2e.Policies.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.IntSummaryStatistics;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real connections move the number of pods, and none of them is broken by it. */
class ScaleE2E {
  private static final String PINNED = "--pin-bytes-per-connection=65536";

  @RegisterExtension static final Berth BERTH = Berth.installed("scale", 1);

  @Test
  void connectionsOverTheTargetAddPods() {
    Workload workload = governed(1, 1, 3);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(30);
    awaitOpen(clients, 30);
    assertThat(workload.replicas()).isEqualTo(1);

    clients.connections(52); // 87 % of the one pod's 60, over the target of 70 %
    awaitOpen(clients, 47);
    Instant over = Instant.now();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> workload.replicas() == 2);
    Figures.since(over, "from saturation over the target to more replicas");
    await().atMost(Duration.ofSeconds(60)).until(() -> workload.readyReplicas() == 2);
    Figures.since(over, "from saturation over the target to another pod that is ready");

    assertThat(workload.events()).anyMatch(event -> event.getReason().equals("Scaled"));
    assertServedUnbroken(clients);
  }

  @Test
  void theirEndRemovesDrainedPodsOnly() {
    Workload workload = Workload.start(BERTH, 3, PINNED);
    try (var pods = new PodsSeen(workload)) {
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(90);
      awaitOpen(clients, 90);
      workload.govern(Policies.quick(1, 3));
      awaitLimit(workload, Duration.ofSeconds(20));
      Instant start = Instant.now();
      clients.connections(24);
      await().atMost(Duration.ofSeconds(120)).until(() -> workload.replicas() == 1);
      Figures.since(start, "from the end of connections to fewer replicas");
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.pods().size() == 1);

      awaitOpen(clients, 24);
      assertThat(pods.removed()).hasSize(2);
      assertThat(pods.removedUndrained()).isEmpty();
      assertThat(workload.events()).anyMatch(event -> event.getReason().equals("Draining"));
      assertServedUnbroken(clients);
    }
  }

  @Test
  void moreThanTheMostPodsCanTakeIsRefusedWithoutMorePods() {
    Workload workload = governed(1, 1, 2);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(4 * LIMIT);
    awaitReason(workload, "ScalingLimited", "TooManyReplicas");
    await().atMost(Duration.ofSeconds(60)).until(() -> clients.counts().open() > 1.9 * LIMIT);
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> workload.replicas() == 2);
    assertThat(clients.counts().refused()).isPositive();
    assertServedUnbroken(clients);
  }

  @Test
  void noConnectionAtAllLeavesTheFewestPods() {
    Workload workload = governed(2, 2, 3);
    awaitReason(workload, "ScalingLimited", "TooFewReplicas");
    await()
        .during(Duration.ofSeconds(8))
        .atMost(Duration.ofSeconds(15))
        .until(() -> workload.replicas() == 2);
  }

  @Test
  void connectionsHeldByOldPodsMoveToNewOnes() {
    Workload workload = governed(1, 1, 3);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(40);
    awaitOpen(clients, 40);
    workload.change("{\"spec\":{\"minReplicas\":3}}");
    await().atMost(Duration.ofSeconds(60)).until(() -> workload.readyReplicas() == 3);
    Instant ready = Instant.now();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          IntSummaryStatistics held =
              workload.pods().stream().mapToInt(pod -> held(workload, pod)).summaryStatistics();
          return held.getMax() < 2 * held.getAverage();
        });
    Figures.since(ready, "from three pods to the fullest under twice the mean");
    awaitOpen(clients, 40);
    assertServedUnbroken(clients);
  }

  private static int held(Workload workload, Pod pod) {
    return Stream.of("new", "active", "idle")
        .mapToInt(state ->
            (int)
                workload.metric(pod, "berth_connections{state=\"%s\"}".formatted(state)).orElse(0))
        .sum();
  }

  private static Workload governed(int replicas, int min, int max) {
    Workload workload = Workload.start(BERTH, replicas, PINNED);
    workload.govern(Policies.quick(min, max));
    awaitLimit(workload, Duration.ofSeconds(20));
    return workload;
  }

  private static void awaitReason(Workload workload, String condition, String reason) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> workload.condition(condition).map(Workload.Condition::reason),
            Optional.of(reason)::equals);
  }

  private static void awaitOpen(Clients clients, int atLeast) {
    await().atMost(Duration.ofSeconds(30)).until(() -> clients.counts().open() >= atLeast);
  }

  private static void assertServedUnbroken(Clients clients) {
    assertThat(assertUnbroken(clients).served()).isPositive();
  }
}
