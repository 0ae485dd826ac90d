package dev.berth.e2e;

import static dev.berth.e2e.Policies.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.load.Counts;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workloads of other kinds than Deployments: a StatefulSet, and whatever has a scale. */
class TargetsE2E {
  private static final ResourceDefinitionContext CREWS =
      new ResourceDefinitionContext.Builder()
          .withGroup("e2e.berth.dev")
          .withVersion("v1")
          .withKind("Crew")
          .withPlural("crews")
          .withNamespaced(true)
          .build();

  @RegisterExtension static final Berth BERTH = Berth.installed("targets", 1);

  @Test
  void aStatefulSetGrowsAndGivesBackItsHighestOrdinals() {
    Workload workload = Workload.start(BERTH, 0);
    var template = workload.deployment().require().getSpec();
    var set =
        new StatefulSetBuilder()
            .withNewMetadata()
            .withName("ordered")
            .withNamespace(BERTH.namespace())
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .withSelector(template.getSelector())
            .withTemplate(template.getTemplate())
            .endSpec()
            .build();
    workload.deployment().delete();
    var sets = BERTH.client().apps().statefulSets().inNamespace(BERTH.namespace());
    BERTH.client().resource(set).create();
    try (var pods = new PodsSeen(workload)) {
      sets.withName("ordered").waitUntilReady(60, TimeUnit.SECONDS);
      workload.govern(spec("apps/v1", "StatefulSet", "ordered"));
      Clients clients = Clients.start(BERTH, workload);
      awaitLimit(workload);
      clients.connections(52);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sets.withName("ordered").get().getSpec().getReplicas() == 2);
      await().atMost(Duration.ofSeconds(60)).until(() -> ready(workload) == 2);
      awaitOpen(clients, 52);

      clients.connections(20);
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> sets.withName("ordered").get().getSpec().getReplicas() == 1);
      await().atMost(Duration.ofSeconds(60)).until(() -> workload.pods().size() == 1);
      assertThat(pods.removed()).containsExactly("ordered-1");
      assertThat(pods.removedUndrained()).isEmpty();
      awaitOpen(clients, 20);
      assertUnbroken(clients);
    } finally {
      sets.withName("ordered").delete();
    }
  }

  @Test
  void aKindOfOthersIsGovernedByItsScale() {
    CustomResourceDefinition crd = crews();
    BERTH.client().resource(crd).createOr(existing -> existing.update());
    BERTH
        .client()
        .resource(crd)
        .waitUntilCondition(
            each ->
                each.getStatus() != null
                    && each.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")),
            30,
            TimeUnit.SECONDS);
    var crew =
        BERTH
            .client()
            .genericKubernetesResources(CREWS)
            .inNamespace(BERTH.namespace())
            .withName("crew");
    try {
      Workload workload = Workload.start(BERTH, 1);
      BERTH
          .client()
          .resource(
              new GenericKubernetesResourceBuilder()
                  .withApiVersion("e2e.berth.dev/v1")
                  .withKind("Crew")
                  .withMetadata(
                      new ObjectMetaBuilder()
                          .withName("crew")
                          .withNamespace(BERTH.namespace())
                          .build())
                  .addToAdditionalProperties("spec", Map.of("replicas", 1))
                  .build())
          .create();
      crew.subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"status\":{\"replicas\":1,\"selector\":\"app.kubernetes.io/name=%s\"}}"
                  .formatted(Workload.NAME));
      workload.govern(spec("e2e.berth.dev/v1", "Crew", "crew"));
      awaitLimit(workload);
      Clients clients = Clients.start(BERTH, workload);
      clients.connections(52);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Integer.valueOf(2).equals(crew.get().get("spec", "replicas")));
      assertThat(workload.replicas()).as("the Deployment beneath, which is its owner's").isOne();
      assertUnbroken(clients);
    } finally {
      crew.delete();
      BERTH.client().resource(crd).delete();
    }
  }

  private static Map<String, Object> spec(String apiVersion, String kind, String name) {
    var spec = new HashMap<String, Object>(Policies.quick(1, 3));
    spec.put("scaleTargetRef", Map.of("apiVersion", apiVersion, "kind", kind, "name", name));
    return spec;
  }

  private static CustomResourceDefinition crews() {
    return new CustomResourceDefinitionBuilder()
        .withNewMetadata()
        .withName("crews.e2e.berth.dev")
        .endMetadata()
        .withNewSpec()
        .withGroup("e2e.berth.dev")
        .withScope("Namespaced")
        .withNewNames()
        .withKind("Crew")
        .withPlural("crews")
        .withSingular("crew")
        .endNames()
        .addNewVersion()
        .withName("v1")
        .withServed(true)
        .withStorage(true)
        .withNewSchema()
        .withNewOpenAPIV3Schema()
        .withType("object")
        .withXKubernetesPreserveUnknownFields(true)
        .endOpenAPIV3Schema()
        .endSchema()
        .withNewSubresources()
        .withNewStatus()
        .endStatus()
        .withNewScale()
        .withSpecReplicasPath(".spec.replicas")
        .withStatusReplicasPath(".status.replicas")
        .withLabelSelectorPath(".status.selector")
        .endScale()
        .endSubresources()
        .endVersion()
        .endSpec()
        .build();
  }

  private static long ready(Workload workload) {
    return workload.pods().stream().filter(pod -> Readiness.isPodReady(pod)).count();
  }

  private static void awaitLimit(Workload workload) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          List<Pod> pods = workload.pods();
          return !pods.isEmpty()
              && pods.stream()
                  .allMatch(
                      pod -> workload.metric(pod, "berth_connection_limit").orElse(0) == LIMIT);
        });
  }

  private static void awaitOpen(Clients clients, int open) {
    await().atMost(Duration.ofSeconds(60)).until(() -> clients.counts().open() == open);
  }

  private static void assertUnbroken(Clients clients) {
    Counts counts = clients.counts();
    System.out.println("e2e: " + counts);
    assertThat(counts.broken()).as("broken connections: %s", counts.why()).isZero();
  }
}
