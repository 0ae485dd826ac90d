package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chart from install to uninstall, as its users know it. */
class HelmInstallE2E {
  @RegisterExtension static final Berth BERTH = Berth.absent("helm");

  @Test
  void theChartPassesStrictLintAndAServerSideDryRun() {
    String said = BERTH.cluster().program("deploy/test/chart").succeed();
    assertThat(said).contains("lint").contains("the API server takes what is rendered");
  }

  @Test
  void anInstalledOperatorLeadsWithAStandbyAndLeavesItsCrdBehind() {
    Instant start = Instant.now();
    BERTH.install("operator.namespaces={%s}".formatted(BERTH.namespace()));
    await().atMost(Duration.ofSeconds(30)).until(() -> BERTH.leader().isPresent());
    Figures.since(start, "from helm install to a leader");

    assertThat(BERTH.readyOperators()).isEqualTo(2);
    assertThat(crd().getStatus().getConditions())
        .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
    assertThat(crd().getSpec().getNames().getShortNames()).contains("cpol");

    BERTH
        .cluster()
        .helm("uninstall", BERTH.release(), "--namespace", BERTH.namespace(), "--wait")
        .succeed();
    assertThat(crd()).isNotNull();
    await().atMost(Duration.ofSeconds(60)).until(() -> BERTH.operators().isEmpty());
  }

  private static CustomResourceDefinition crd() {
    return BERTH
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("connectionpolicies.berth.dev")
        .require();
  }
}
