package dev.berth.operator.observe;

import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the API server tells of the namespaces that are governed: policies, pods, workloads, and who
 * else scales or guards them. Kept up to date by watches, which survive an API server that is away.
 *
 * <p>Safe for any number of threads. Objects from here are shared: nobody changes them.
 */
public final class Cluster implements AutoCloseable {
  private static final String LABEL = "label";
  private static final String MARKED = "marked";
  private static final String TARGET = "policies-by-target";
  private static final String NAMESPACE = "policies-by-namespace";

  private final KubernetesClient client;
  private final Set<String> namespaces;
  private final Watched<Pod> pods;
  private final Watched<Deployment> deployments;
  private final Watched<StatefulSet> statefulSets;
  private final Watched<ReplicaSet> replicaSets;
  private final Watched<HorizontalPodAutoscaler> autoscalers;
  private final Watched<PodDisruptionBudget> budgets;
  private final Map<String, Watched<? extends HasMetadata>> workloads;
  private final LeanPods lean = new LeanPods();
  private volatile Optional<IndexerResourceCache<ConnectionPolicy>> policies = Optional.empty();

  /**
   * A view of {@code namespaces}, or of all if there are none, once it is started.
   *
   * @param client stays the caller's to close
   */
  public Cluster(KubernetesClient client, Set<String> namespaces) {
    this.client = client;
    this.namespaces = Set.copyOf(namespaces);
    Consumer<Object> whole = object -> {};
    pods =
        new Watched<>(
            "Pod",
            of(client.pods(), namespaces),
            lean::trim,
            Map.of(LABEL, Cluster::labelled, MARKED, Cluster::marked));
    deployments =
        new Watched<>(
            "Deployment", of(client.apps().deployments(), namespaces), this::trim, Map.of());
    statefulSets =
        new Watched<>(
            "StatefulSet", of(client.apps().statefulSets(), namespaces), this::trim, Map.of());
    replicaSets =
        new Watched<>(
            "ReplicaSet", of(client.apps().replicaSets(), namespaces), this::trim, Map.of());
    autoscalers =
        new Watched<>(
            "HorizontalPodAutoscaler",
            of(client.autoscaling().v2().horizontalPodAutoscalers(), namespaces),
            whole::accept,
            Map.of());
    budgets =
        new Watched<>(
            "PodDisruptionBudget",
            of(client.policy().v1().podDisruptionBudget(), namespaces),
            whole::accept,
            Map.of());
    workloads =
        Map.of(
            "apps/Deployment", deployments,
            "apps/StatefulSet", statefulSets,
            "apps/ReplicaSet", replicaSets);
  }

  private static <T> Stream<Informable<T>> of(
      MixedOperation<T, ?, ?> kind, Set<String> namespaces) {
    if (namespaces.isEmpty()) {
      return Stream.of(kind.inAnyNamespace());
    }
    return namespaces.stream().map(namespace -> (Informable<T>) kind.inNamespace(namespace));
  }

  /** Starts the watches, but that of policies, and returns at once. */
  public void start() {
    watched().forEach(Watched::start);
  }

  /**
   * Asks for policies as a watch does at first.
   *
   * @throws KubernetesClientException if they aren't served
   */
  public void askForPolicies() {
    var one = new ListOptionsBuilder().withLimit(1L).withResourceVersion("0").build();
    var kind = client.resources(ConnectionPolicy.class);
    if (namespaces.isEmpty()) {
      kind.inAnyNamespace().list(one);
    }
    namespaces.forEach(namespace -> kind.inNamespace(namespace).list(one));
  }

  /** Whether everything but policies was listed once. */
  public boolean synced() {
    return watched().allMatch(Watched::synced);
  }

  /** Where to ask whether what changes of a kind is told now, by kind, of all but policies. */
  public Map<String, BooleanSupplier> watching() {
    return watched().collect(Collectors.toUnmodifiableMap(Watched::kind, each -> each::watching));
  }

  private Stream<Watched<?>> watched() {
    return Stream.of(pods, deployments, statefulSets, replicaSets, autoscalers, budgets);
  }

  /** Where the watch of policies keeps them, with of their status what outlives an operator. */
  public static ItemStore<ConnectionPolicy> policyStore() {
    return Watched.store(policy ->
        Optional.ofNullable(policy.getStatus())
            .ifPresent(status -> policy.setStatus(status.withoutPods())));
  }

  /**
   * Tells where policies are: the framework that runs their rounds watches them too, and each write
   * of a status comes back to every watch.
   */
  void policiesFrom(IndexerResourceCache<ConnectionPolicy> cache) {
    cache.addIndexer(NAMESPACE, policy -> List.of(policy.getMetadata().getNamespace()));
    cache.addIndexer(
        TARGET,
        policy ->
            Optional.ofNullable(policy.getSpec())
                .map(spec ->
                    target(policy.getMetadata().getNamespace(), spec.scaleTargetRef().name()))
                .stream()
                .toList());
    policies = Optional.of(cache);
  }

  KubernetesClient client() {
    return client;
  }

  Stream<Pod> pods(String namespace, Selector selector) {
    return selector
        .label()
        .map(label -> pods.by(LABEL, namespace + "/" + label))
        .orElseGet(() -> pods.inNamespace(namespace))
        .filter(pod ->
            selector.matches(Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of())));
  }

  /** A pod, if it is there. */
  public Optional<Pod> pod(String namespace, String name) {
    return pods.get(namespace, name);
  }

  /** All policies whose target has this name, of whatever kind. */
  Stream<ConnectionPolicy> policies(String namespace, String target) {
    return policies(cache -> cache.byIndex(TARGET, target(namespace, target)).stream());
  }

  private static String target(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** All policies of a namespace. */
  Stream<ConnectionPolicy> policies(String namespace) {
    return policies(cache -> cache.byIndex(NAMESPACE, namespace).stream());
  }

  /** All policies. */
  public Stream<ConnectionPolicy> policies() {
    return policies(Cache::list);
  }

  /** Without those that are being deleted: they govern no more, however long others hold them. */
  private Stream<ConnectionPolicy> policies(
      Function<IndexerResourceCache<ConnectionPolicy>, Stream<ConnectionPolicy>> which) {
    return policies.stream().flatMap(which).filter(policy -> !policy.isMarkedForDeletion());
  }

  /** Pods that bear an operator's annotations. */
  Stream<Pod> marked() {
    return pods.by(MARKED, MARKED);
  }

  /** Whether workloads of this kind are watched. */
  boolean watches(ScaleTargetRef ref) {
    return workloads.containsKey(ref.group() + "/" + ref.kind());
  }

  /** A workload of a kind that is watched, if it is there. */
  Optional<HasMetadata> workload(String namespace, ScaleTargetRef ref) {
    return Optional.ofNullable(workloads.get(ref.group() + "/" + ref.kind()))
        .flatMap(kind -> kind.get(namespace, ref.name()));
  }

  Stream<HorizontalPodAutoscaler> autoscalers(String namespace) {
    return autoscalers.inNamespace(namespace);
  }

  Stream<PodDisruptionBudget> budgets(String namespace) {
    return budgets.inNamespace(namespace);
  }

  /**
   * The scale subresource of an object, asked of the API server now; absent without the object.
   *
   * @throws KubernetesClientException if it can't be asked, or doesn't know the kind (404)
   */
  Optional<Scale> scale(ResourceDefinitionContext kind, String namespace, String name) {
    try {
      return Optional.ofNullable(
          client.genericKubernetesResources(kind).inNamespace(namespace).withName(name).scale());
    } catch (KubernetesClientException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND && names(refused, name)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** What isn't there is named; where the kind isn't served, nothing is. */
  private static boolean names(KubernetesClientException refused, String name) {
    return Optional.ofNullable(refused.getStatus())
        .map(status -> status.getDetails())
        .map(details -> name.equals(details.getName()))
        .orElse(false);
  }

  /** Takes note of what the API server returned from a write to a pod, ahead of the watch. */
  public void wrote(ObjectMeta meta) {
    pods.get(meta.getNamespace(), meta.getName())
        .filter(pod -> pod.getMetadata().getUid().equals(meta.getUid()))
        .ifPresent(pod ->
            pods.wrote(
                new Pod(pod.getApiVersion(), pod.getKind(), meta, pod.getSpec(), pod.getStatus())));
  }

  private static List<String> labelled(Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    return Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of()).entrySet().stream()
        .filter(label -> Selector.common(label.getKey()))
        .map(label -> namespace + "/" + label.getKey() + "=" + label.getValue())
        .toList();
  }

  private static List<String> marked(Pod pod) {
    return MarkedPods.marked(pod) ? List.of(MARKED) : List.of();
  }

  private void trim(ObjectMeta workload) {
    workload.setAnnotations(Map.of());
    workload.setLabels(Map.of());
    workload.setOwnerReferences(lean.controllers(workload));
  }

  private void trim(Deployment deployment) {
    trim(deployment.getMetadata());
    deployment.getSpec().setTemplate(null);
    Optional.ofNullable(deployment.getStatus()).ifPresent(each -> each.setConditions(List.of()));
  }

  private void trim(StatefulSet set) {
    trim(set.getMetadata());
    set.getSpec().setTemplate(null);
    set.getSpec().setVolumeClaimTemplates(List.of());
  }

  private void trim(ReplicaSet set) {
    trim(set.getMetadata());
    set.getSpec().setTemplate(null);
  }

  @Override
  public void close() {
    watched().forEach(Watched::close);
  }
}
