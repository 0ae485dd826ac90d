package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The chart, installed in a namespace of a test class's own and governing that namespace only, so
 * that runs side by side on one cluster don't meet. A test's workload, policy and clients go when
 * it ends, chart and namespace when the class does; what a failed test leaves is written down
 * before. A class also fails if the operator asked for what its roles don't allow.
 */
public final class Berth
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback {
  private final String name;
  private final int operators;

  private Berth(String purpose, int operators) {
    String suffix = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36), 36);
    this.name = "e2e-%s-%s".formatted(purpose, suffix);
    this.operators = operators;
  }

  /** The chart with so many replicas of the operator. */
  public static Berth installed(String purpose, int operators) {
    return new Berth(purpose, operators);
  }

  /** The namespace alone: the test installs the chart. */
  public static Berth absent(String purpose) {
    return new Berth(purpose, 0);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var namespace =
        new NamespaceBuilder().withNewMetadata().withName(namespace()).endMetadata().build();
    client().resource(namespace).create();
    if (operators > 0) {
      install("operator.replicas=" + operators, "operator.namespaces={%s}".formatted(namespace()));
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      Evidence.of(this).write(context.getRequiredTestClass(), context.getDisplayName());
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    JavaPod.remove(this, Clients.NAME);
    JavaPod.remove(this, Crashes.NAME);
    JavaPod.remove(this, StandIns.NAME);
    Workload.at(this).remove();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try {
      assertThat(refusals()).as("what the chart's roles refused the operator").isEmpty();
    } finally {
      remove();
    }
  }

  /** What operators that are ready logged of requests that they weren't allowed. */
  private List<String> refusals() {
    return operators().stream()
        .filter(Readiness::isPodReady)
        .map(pod -> pod.getMetadata().getName())
        .map(pod -> client().pods().inNamespace(namespace()).withName(pod).getLog())
        .flatMap(String::lines)
        .filter(line -> line.contains("is forbidden: User"))
        .toList();
  }

  private void remove() {
    try {
      cluster()
          .helm("uninstall", release(), "--namespace", namespace(), "--ignore-not-found", "--wait")
          .succeed();
    } finally {
      client().namespaces().withName(namespace()).delete();
    }
  }

  /** {@code helm install} of this checkout; returns when the operator is ready. */
  public void install(String... values) {
    var arguments = new ArrayList<>(List.of("install", release(), "charts/berth"));
    Collections.addAll(arguments, "--namespace", namespace(), "--wait", "--timeout", "2m");
    for (String value : values) {
      Collections.addAll(arguments, "--set", value);
    }
    cluster().helm(arguments.toArray(String[]::new)).succeed();
  }

  public Cluster cluster() {
    return Cluster.shared();
  }

  public KubernetesClient client() {
    return cluster().client();
  }

  public String namespace() {
    return name;
  }

  public String release() {
    return name;
  }

  /** The operator's pods that aren't on their way out. */
  public List<Pod> operators() {
    return client()
        .pods()
        .inNamespace(namespace())
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** How many of them are ready. */
  public long readyOperators() {
    return operators().stream().filter(Readiness::isPodReady).count();
  }

  /** The name of the operator's Deployment. */
  public String operatorName() {
    return client()
        .apps()
        .deployments()
        .inNamespace(namespace())
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems()
        .getFirst()
        .getMetadata()
        .getName();
  }

  /** How many of the operator's pods say that they lead. */
  public long leaders() {
    return operators().stream().filter(this::leads).count();
  }

  private boolean leads(Pod operator) {
    String metrics =
        "/api/v1/namespaces/%s/pods/%s:8080/proxy/metrics"
            .formatted(namespace(), operator.getMetadata().getName());
    try {
      return Objects.requireNonNullElse(client().raw(metrics), "")
          .lines()
          .anyMatch(line -> line.startsWith("berth_operator_leader 1"));
    } catch (KubernetesClientException starting) {
      return false;
    }
  }

  /** The name of the operator's pod that leads, by the Lease; absent while none does. */
  public Optional<String> leader() {
    List<String> holders =
        client().leases().inNamespace(namespace()).list().getItems().stream()
            .flatMap(lease -> Optional.ofNullable(lease.getSpec().getHolderIdentity()).stream())
            .toList();
    return operators().stream()
        .map(pod -> pod.getMetadata().getName())
        .filter(pod -> holders.stream().anyMatch(holder -> holder.contains(pod)))
        .findFirst();
  }

  /** Waits until one of its two operators leads and both are ready. */
  public void awaitStandby() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> leader().isPresent() && readyOperators() == 2);
  }

  /** Deletes a pod of the operator by force: it ends within a moment, which it may yet use. */
  public void delete(String operator) {
    client().pods().inNamespace(namespace()).withName(operator).withGracePeriod(0).delete();
  }

  /** Waits for a pod that was made, for at most a minute. */
  void untilReady(Pod pod) {
    client().resource(pod).inNamespace(namespace()).waitUntilReady(60, TimeUnit.SECONDS);
  }
}
