package dev.berth.e2e.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The server of {@code deploy/samples/server.yaml}, in a namespace, and the policy beside it: what
 * a user has who followed the samples.
 */
public final class Workload {
  public static final String NAME = "berth-sample";
  // said in full, since the cluster can't be asked before the CRD is there
  private static final ResourceDefinitionContext POLICIES =
      new ResourceDefinitionContext.Builder()
          .withGroup("berth.dev")
          .withVersion("v1alpha1")
          .withKind("ConnectionPolicy")
          .withPlural("connectionpolicies")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final String namespace;

  private Workload(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The workload in the chart's namespace, started or not. */
  public static Workload at(Berth berth) {
    return new Workload(berth.client(), berth.namespace());
  }

  KubernetesClient client() {
    return client;
  }

  String namespace() {
    return namespace;
  }

  /** The sample as it is, with {@code replicas} pods; returns when all of them are ready. */
  public static Workload start(Berth berth, int replicas, String... moreArguments) {
    return start(
        berth,
        deployment ->
            deployment
                .editSpec()
                .withReplicas(replicas)
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .addToArgs(moreArguments)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
  }

  /** The sample with its Deployment changed; returns when all of its pods are ready. */
  public static Workload start(Berth berth, UnaryOperator<DeploymentBuilder> change) {
    Workload workload = at(berth);
    for (var item : load(workload.client, "deploy/samples/server.yaml")) {
      var made =
          item instanceof Deployment deployment
              ? change.apply(new DeploymentBuilder(deployment)).build()
              : item;
      workload.client.resource(made).inNamespace(workload.namespace).create();
    }
    workload.deployment().waitUntilReady(60, TimeUnit.SECONDS);
    return workload;
  }

  /**
   * Adds a pod of the sample's template that no controller owns; all of these are of one template,
   * whatever their arguments. Whoever adds it deletes it.
   */
  public Pod add(String name, String... moreArguments) {
    var template = deployment().require().getSpec().getTemplate();
    Pod pod =
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .withSpec(template.getSpec())
            .editMetadata()
            .withName(name)
            .withNamespace(namespace)
            .addToLabels("pod-template-hash", "by-hand")
            .endMetadata()
            .editSpec()
            .editFirstContainer()
            .addToArgs(moreArguments)
            .endContainer()
            .endSpec()
            .build();
    return client.resource(pod).create();
  }

  /** Removes it and its policy; returns when its pods are gone. */
  public void remove() {
    policy().delete();
    removeServers();
  }

  /** Removes it, and leaves its policy; returns when its pods are gone. */
  public void removeServers() {
    client.services().inNamespace(namespace).withName(NAME).delete();
    deployment().withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
    deployment().waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS);
  }

  /** The policy of the samples with {@code fields} in place of, or beside, its spec's. */
  public void govern(Map<String, ?> fields) {
    client.resource(policy(fields)).create();
  }

  /** The same policy, not yet applied. */
  public GenericKubernetesResource policy(Map<String, ?> fields) {
    var sample = (GenericKubernetesResource) load(client, "deploy/samples/policy.yaml").getFirst();
    var spec = new HashMap<String, Object>(sample.get("spec"));
    spec.putAll(fields);
    return new GenericKubernetesResourceBuilder(sample)
        .editMetadata()
        .withNamespace(namespace)
        .endMetadata()
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  /** The policy, to read it or to change it. */
  public Resource<GenericKubernetesResource> policy() {
    return client.genericKubernetesResources(POLICIES).inNamespace(namespace).withName(NAME);
  }

  /** Changes the policy as a merge of {@code json} says. */
  public void change(String json) {
    policy().patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** A field of the policy's status, such as {@code desiredReplicas}; absent until it is there. */
  public Optional<Object> status(String field) {
    return Optional.ofNullable(policy().require().get("status", field));
  }

  /** A condition of the policy; absent until the operator reports it. */
  public Optional<Condition> condition(String type) {
    Object conditions = status("conditions").orElse(List.of());
    return ((List<?>) conditions)
        .stream()
            .map(Map.class::cast)
            .filter(condition -> type.equals(condition.get("type")))
            .findFirst()
            .map(condition ->
                new Condition(
                    String.valueOf(condition.get("status")),
                    String.valueOf(condition.get("reason")),
                    String.valueOf(condition.get("message"))));
  }

  /** A condition of a policy, in its own words. */
  public record Condition(String status, String reason, String message) {}

  /** An HPA of the same target, with at least one replica, not yet applied. */
  public HorizontalPodAutoscaler hpa(String name, int maxReplicas) {
    return new HorizontalPodAutoscalerBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withNewScaleTargetRef("apps/v1", "Deployment", NAME)
        .withMinReplicas(1)
        .withMaxReplicas(maxReplicas)
        .endSpec()
        .build();
  }

  public RollableScalableResource<Deployment> deployment() {
    return client.apps().deployments().inNamespace(namespace).withName(NAME);
  }

  /** The replicas that the Deployment is told to have. */
  public int replicas() {
    return deployment().require().getSpec().getReplicas();
  }

  /** Those of them that are ready. */
  public int readyReplicas() {
    return Objects.requireNonNullElse(deployment().require().getStatus().getReadyReplicas(), 0);
  }

  /** What was told of the policy. */
  public List<Event> events() {
    return client
        .v1()
        .events()
        .inNamespace(namespace)
        .withField("involvedObject.name", NAME)
        .withField("involvedObject.kind", "ConnectionPolicy")
        .list()
        .getItems();
  }

  /** Follows its pods until the watch is closed. */
  public Watch watchPods(Watcher<Pod> watcher) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", NAME)
        .watch(watcher);
  }

  /** All of its pods, those on their way out as well, by name. */
  public List<Pod> pods() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems()
        .stream()
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  /** What tells those pods from any that come later. */
  public Set<String> uids() {
    return pods().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The operator's annotations that its pods bear, by key; empty while it has written none. */
  public Map<String, String> marks() {
    var marks = new HashMap<String, String>();
    for (Pod pod : pods()) {
      Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of())
          .forEach((key, value) -> {
            if (key.startsWith("berth.dev/") || key.endsWith("/pod-deletion-cost")) {
              marks.put(key, value);
            }
          });
    }
    return marks;
  }

  /** The address inside the cluster that clients connect to. */
  public String address() {
    Service service = client.services().inNamespace(namespace).withName(NAME).require();
    return service.getSpec().getClusterIP();
  }

  /**
   * A sample of the pod's metrics by its name and labels as they stand in the text; absent if there
   * is none, or the pod doesn't answer.
   */
  public OptionalDouble metric(Pod pod, String sample) {
    return metrics(pod)
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst();
  }

  /** What the pod has logged until now. */
  public String log(Pod pod) {
    return client.pods().inNamespace(namespace).withName(pod.getMetadata().getName()).getLog();
  }

  private String metrics(Pod pod) {
    String path =
        "/api/v1/namespaces/%s/pods/%s:9090/proxy/metrics"
            .formatted(namespace, pod.getMetadata().getName());
    try {
      return Objects.requireNonNullElse(client.raw(path), "");
    } catch (KubernetesClientException starting) {
      return "";
    }
  }

  private static List<HasMetadata> load(KubernetesClient client, String file) {
    try (var in = Files.newInputStream(Checkout.file(file))) {
      return client.load(in).items();
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + file, e);
    }
  }
}
