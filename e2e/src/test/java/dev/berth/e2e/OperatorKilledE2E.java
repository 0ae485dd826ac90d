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

/**
 * The leading operator gone in the middle of something, with a moment to give the lease back or
 * without: its standby goes on from there.
 */
class OperatorKilledE2E {
  @RegisterExtension static final Berth BERTH = Berth.installed("killed", 2);

  @BeforeEach
  void aLeaderAndAStandby() {
    BERTH.awaitStandby();
  }

  @Test
  void aDrainGoesOnFromItsMarksAfterACrash() {
    Crashes crashes = Crashes.prepare(BERTH);
    aDrainGoesOn(crashes::leader);
  }

  @Test
  void aDrainGoesOnFromItsMarksAfterADeletion() {
    aDrainGoesOn(() -> BERTH.delete(BERTH.leader().orElseThrow()));
  }

  @Test
  void aRampIsFollowedToItsEndAndLimitsStayMeanwhile() {
    Crashes crashes = Crashes.prepare(BERTH);
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Policies.quick(1, 3));
    awaitLimit(workload, Duration.ofSeconds(20));
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(30);
    awaitOpen(clients, 30);

    // The one that has a limit: the next is there before it can tell one.
    Pod first = workload.pods().getFirst();
    crashes.leader();
    Instant crashed = Instant.now();
    clients.connections(55);
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          assertThat(limit(workload, first)).as("limit while no operator leads").isEqualTo(LIMIT);
          return workload.replicas() == 2;
        });
    Figures.since(crashed, "from the leader's crash to more replicas by its standby");
    assertUnbroken(clients);
  }

  private static void aDrainGoesOn(Runnable leaderGone) {
    Workload workload = Workload.start(BERTH, 3);
    try (var pods = new PodsSeen(workload)) {
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(30);
      awaitOpen(clients, 30);
      workload.govern(Policies.quick(1, 3));
      pods.awaitDrain();
      leaderGone.run();
      assertThat(workload.replicas()).as("replicas while the drain goes on").isEqualTo(3);
      Instant gone = Instant.now();

      await().atMost(Duration.ofSeconds(120)).until(() -> workload.replicas() == 1);
      Figures.since(gone, "from the leader's end to the end of the drain it had begun");
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.pods().size() == 1);
      assertThat(pods.removed()).hasSize(2);
      assertThat(pods.removedUndrained()).isEmpty();
      awaitOpen(clients, 30);
      assertUnbroken(clients);
    }
  }

  /** The limit in force in the pod; 0 while there is none. */
  private static int limit(Workload workload, Pod pod) {
    return (int) workload.metric(pod, "berth_connection_limit").orElse(0);
  }
}
