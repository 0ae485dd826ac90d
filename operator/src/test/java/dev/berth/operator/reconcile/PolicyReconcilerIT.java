package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.MergePatch;
import dev.berth.operator.apply.PodMarks;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusWrite;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.observe.Scrape;
import dev.berth.operator.observe.Targets;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds over an API server. */
class PolicyReconcilerIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String AUTOSCALERS = "/horizontalpodautoscalers";
  private static final String STATUS =
      "PATCH /apis/berth.dev/v1alpha1/namespaces/n/connectionpolicies/chat/status";

  private final Logger log = Logger.getLogger("dev.berth.operator");
  private final Told told = new Told();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private ApiServer api;
  private KubernetesClient client;
  private Cluster cluster;
  private Scrape scrape;
  private StatusQueue statuses;
  private PolicyReconciler reconciler;

  /** Lines of the log. */
  private static final class Told extends Handler {
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getLevel() + " " + new SimpleFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws IOException {
    log.addHandler(told);
    api = new ApiServer();
    client = api.client();
    cluster = new Cluster(client, Set.of());
    scrape = new Scrape();
    InstantSource clock = InstantSource.fixed(NOW);
    var patches = new MergePatch(client);
    var targets = new Targets(cluster);
    statuses = new StatusQueue(new StatusWrite(patches), clock, delay -> {});
    reconciler =
        new PolicyReconciler(
            new Observer(cluster, targets, scrape),
            new Execution(client, new PodMarks(client, patches, cluster), targets),
            statuses,
            new Events(client, "operator-a"),
            new PolicyMetrics(registry),
            new Memory(),
            new Pulse(NOW),
            new LoopMetrics(registry),
            new Cadence(Duration.ofSeconds(1)),
            clock);
  }

  @AfterEach
  void close() {
    statuses.close();
    cluster.close();
    scrape.close();
    client.close();
    api.close();
    log.removeHandler(told);
  }

  private static ConnectionPolicy policy(String rest) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: chat, namespace: n, uid: u1, generation: 1}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}
          %s
        """
            .formatted(rest),
        ConnectionPolicy.class);
  }

  private List<String> warnings() {
    return told.lines.stream().filter(line -> line.startsWith("WARNING")).toList();
  }

  @Test
  void nothingIsDecidedBeforeWhoElseScalesIsKnown() {
    api.refuses(AUTOSCALERS, "horizontalpodautoscalers is forbidden");
    cluster.start();
    await().until(() -> !warnings().isEmpty());

    assertThat(reconciler.next(policy(""))).isLessThan(Duration.ofSeconds(1));

    assertThat(statuses.waiting()).isZero();
    assertThat(registry.scrape()).doesNotContain("berth_policy_");

    api.allows(AUTOSCALERS);
    await().until(cluster::synced);
    reconciler.next(policy(""));

    await().until(() -> api.written.stream().anyMatch(each -> each.startsWith(STATUS)));
    assertThat(api.written).allMatch(each -> each.startsWith(STATUS));
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("HorizontalPodAutoscalers can't be listed", "is forbidden");
  }
}
