package dev.berth.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;

/**
 * A target of a kind that is neither Kubernetes' nor Berth's: it has a scale, whose pods are those
 * of a workload, and nobody creates or removes any for it. Kind and object go when it is closed.
 */
public final class Crew implements AutoCloseable {
  public static final String API_VERSION = "e2e.berth.dev/v1";
  public static final String KIND = "Crew";
  public static final String NAME = "crew";
  private static final ResourceDefinitionContext CREWS =
      new ResourceDefinitionContext.Builder()
          .withGroup("e2e.berth.dev")
          .withVersion("v1")
          .withKind(KIND)
          .withPlural("crews")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final Resource<GenericKubernetesResource> crew;

  private Crew(KubernetesClient client, Resource<GenericKubernetesResource> crew) {
    this.client = client;
    this.crew = crew;
  }

  /** Creates it, with so many replicas, over the pods of {@code workload}. */
  public static Crew of(Workload workload, int replicas) {
    KubernetesClient client = workload.client();
    client.resource(kind()).createOr(existing -> existing.update());
    // By its plural: a client that asks for the list of kinds finds a new one there only later.
    var crews = client.genericKubernetesResources(CREWS).inNamespace(workload.namespace());
    var made =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(API_VERSION)
            .withKind(KIND)
            .withMetadata(
                new ObjectMetaBuilder().withName(NAME).withNamespace(workload.namespace()).build())
            .addToAdditionalProperties("spec", Map.of("replicas", replicas))
            .build();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsMatching(Crew::isNotServedYet)
        .until(() -> crews.resource(made).create() != null);
    var crew = new Crew(client, crews.withName(NAME));
    crew.crew
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"replicas\":%d,\"selector\":\"app.kubernetes.io/name=%s\"}}"
                .formatted(replicas, Workload.NAME));
    return crew;
  }

  /** The replicas that it is told to have. */
  public int replicas() {
    return (int) crew.require().get("spec", "replicas");
  }

  @Override
  public void close() {
    crew.delete();
    client.resource(kind()).delete();
  }

  private static boolean isNotServedYet(Throwable failure) {
    return failure instanceof KubernetesClientException refused
        && refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }

  private static CustomResourceDefinition kind() {
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
}
