package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.cluster.Cluster;
import org.junit.jupiter.api.Test;

/** The operator's account can write its own annotations and replicas, and nothing else. */
class AdmissionE2E {
  @Test
  void theOperatorsAccountIsHeldToItsOwn() {
    String said = Cluster.shared().program("deploy/test/admission").succeed();
    assertThat(said).contains("held to its own");
  }
}
