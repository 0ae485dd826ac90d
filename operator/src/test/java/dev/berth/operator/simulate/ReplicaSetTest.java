package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplicaSetTest {
  private final ReplicaSet pods =
      new ReplicaSet(Settings.PODS, new Setting.Server.Bounded(9), new Chance(1));

  private void run(int from, int to) {
    for (int tick = from; tick < to; tick++) {
      for (ServerPod pod : pods.pods()) {
        pod.tick(tick, 0);
      }
      pods.tick(tick);
    }
  }

  @Test
  void aNewPodIsReadyAfterItsStart() {
    pods.scale(2);
    run(1, 20);
    assertThat(pods.pods()).filteredOn(ServerPod::ready).hasSize(1);
    run(20, 60);
    assertThat(pods.pods()).filteredOn(ServerPod::ready).hasSize(2);
  }

  @Test
  void theNewestGoesFirst() {
    pods.scale(2);
    run(1, 60);
    pods.scale(1);
    run(60, 61);

    assertThat(pods.staying()).extracting(pod -> pod.ordinal).containsExactly(1);
  }

  @Test
  void aLowerDeletionCostGoesBeforeTheNewest() {
    pods.scale(2);
    run(1, 60);
    pods.pods().getFirst().deletionCost = -1;
    pods.scale(1);
    run(60, 61);

    assertThat(pods.staying()).extracting(pod -> pod.ordinal).containsExactly(2);
  }

  @Test
  void aPodThatIsGoneIsReplaced() {
    pods.pods().getFirst().vanish();
    run(1, 2);

    assertThat(pods.pods()).extracting(pod -> pod.ordinal).containsExactly(2);
  }
}
