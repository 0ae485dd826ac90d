package dev.berth.e2e;

import static dev.berth.e2e.Connections.assertUnbroken;
import static dev.berth.e2e.Connections.awaitOpen;
import static dev.berth.e2e.Governed.awaitLimit;
import static dev.berth.e2e.Policies.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Crashes;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API server away for a while, and operators that are replaced, while clients are served. */
class AwayE2E {
  private static final Duration AWAY = Duration.ofSeconds(Boolean.getBoolean("whole") ? 120 : 20);

  @RegisterExtension static final Berth BERTH = Berth.installed("away", 2);

  @BeforeEach
  void aLeaderAndAStandby() {
    BERTH.awaitStandby();
  }

  @Test
  void withoutAnApiServerLimitsStayAndGrowthIsFollowedOnceItIsBack() {
    Crashes crashes = Crashes.prepare(BERTH);
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Policies.quick(1, 3));
    awaitLimit(workload, Duration.ofSeconds(30));
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(30);
    awaitOpen(clients, 30);
    Pod first = workload.pods().getFirst();

    clients.connections(55, AWAY.dividedBy(2));
    crashes.freezeApiServer(AWAY);
    await().atMost(Duration.ofSeconds(15)).until(AwayE2E::away);
    await()
        .atMost(AWAY.plusSeconds(60))
        .ignoreExceptions()
        .until(() -> clients.counts().wanted() == 55);
    Instant back = Instant.now();
    assertThat(workload.metric(first, "berth_connection_limit")).hasValue(LIMIT);
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .pollInterval(Duration.ofMillis(100))
        .until(() -> workload.replicas() == 2);
    Figures.since(back, "from the API server's return to more replicas");
    await().atMost(Duration.ofSeconds(60)).until(() -> workload.readyReplicas() == 2);
    awaitOpen(clients, 55);
    assertUnbroken(clients);
    assertThat(clients.counts().unreachable()).isZero();
  }

  @Test
  void operatorsThatAreReplacedInADrainHandItOver() {
    Workload workload = Workload.start(BERTH, 3);
    try (var pods = new PodsSeen(workload)) {
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(30);
      awaitOpen(clients, 30);
      workload.govern(Policies.quick(1, 3));
      pods.awaitDrain();
      var before = BERTH.operators().stream().map(pod -> pod.getMetadata().getUid()).toList();
      BERTH
          .client()
          .apps()
          .deployments()
          .inNamespace(BERTH.namespace())
          .withName(BERTH.operatorName())
          .rolling()
          .restart();
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> {
            assertThat(BERTH.leaders()).as("operators that lead at once").isLessThanOrEqualTo(1);
            return workload.replicas() == 1
                && BERTH.operators().stream()
                    .noneMatch(pod -> before.contains(pod.getMetadata().getUid()));
          });
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.pods().size() == 1);
      assertThat(pods.removed()).hasSize(2);
      assertThat(pods.removedUndrained()).isEmpty();
      awaitOpen(clients, 30);
      assertUnbroken(clients);
    }
  }

  private static boolean away() {
    return BERTH.cluster().kubectl("get", "--raw", "/readyz", "--request-timeout=1s").run().status()
        != 0;
  }
}
