package dev.berth.e2e;

import static dev.berth.e2e.Connections.assertUnbroken;
import static dev.berth.e2e.Connections.awaitOpen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Workload;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pods come and go as Kubernetes wants, without an operator: the server alone keeps its promises.
 */
class RolloutE2E {
  @RegisterExtension static final Berth BERTH = Berth.absent("rollout");

  @Test
  void aRolloutBreaksNoConnection() {
    Workload workload = Workload.start(BERTH, 2);
    Clients clients = Clients.start(BERTH, workload);
    clients.connections(100);
    awaitOpen(clients, 100);
    var before = workload.uids();

    workload.deployment().rolling().restart();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> workload.pods().size() == 2 && Collections.disjoint(workload.uids(), before));
    awaitOpen(clients, 100);
    assertThat(assertUnbroken(clients).graceful()).isGreaterThanOrEqualTo(100);
  }
}
