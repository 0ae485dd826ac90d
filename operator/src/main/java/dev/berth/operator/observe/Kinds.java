package dev.berth.operator.observe;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How the API server names the kinds that can be scaled; each is asked for until it is known. */
final class Kinds {
  private final KubernetesClient client;
  private final ConcurrentMap<String, ResourceDefinitionContext> known = new ConcurrentHashMap<>();

  Kinds(KubernetesClient client) {
    this.client = client;
  }

  /** A kind of the group apps. */
  static ResourceDefinitionContext apps(String kind) {
    return context("apps", "v1", kind, kind.toLowerCase(Locale.ROOT) + "s");
  }

  /** The namespaced kind with a scale subresource, if the API server has it. */
  Optional<ResourceDefinitionContext> find(ScaleTargetRef ref) {
    String key = ref.apiVersion() + "/" + ref.kind();
    Optional<ResourceDefinitionContext> before = Optional.ofNullable(known.get(key));
    Optional<ResourceDefinitionContext> kind = before.isPresent() ? before : ask(ref);
    kind.ifPresent(each -> known.put(key, each));
    return kind;
  }

  private Optional<ResourceDefinitionContext> ask(ScaleTargetRef ref) {
    List<APIResource> resources =
        Optional.ofNullable(client.getApiResources(ref.apiVersion()))
            .map(list -> list.getResources())
            .orElse(List.of());
    return resources.stream()
        .filter(each ->
            each.getKind().equals(ref.kind())
                && each.getNamespaced()
                && !each.getName().contains("/"))
        .map(APIResource::getName)
        .filter(
            plural -> resources.stream().anyMatch(each -> each.getName().equals(plural + "/scale")))
        .map(plural -> context(ref.group(), ref.version(), ref.kind(), plural))
        .findFirst();
  }

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
