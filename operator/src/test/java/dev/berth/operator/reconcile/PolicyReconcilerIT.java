package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.berth.operator.apply.ApiWrites;
import dev.berth.operator.apply.Carried;
import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.PodMarks;
import dev.berth.operator.apply.Refusals;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusWrite;
import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.observe.Scrape;
import dev.berth.operator.observe.Targets;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds over an API server. */
class PolicyReconcilerIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  // On a busy machine a first answer, or a first list, takes longer than an operator would wait
  private static final Duration PATIENT = Duration.ofMinutes(1);
  private static final String AUTOSCALERS = "/horizontalpodautoscalers";
  private static final String STATUS =
      "PATCH /apis/berth.dev/v1alpha1/namespaces/n/connectionpolicies/chat/status";

  private static final String DEPLOYMENT =
      """
      {"metadata":{"name":"chat","namespace":"n","uid":"d1","resourceVersion":"1","generation":1},
       "spec":{"replicas":2,"selector":{"matchLabels":{"app":"chat"}}},
       "status":{"observedGeneration":1,"replicas":2,"updatedReplicas":2}}
      """;

  private static final String FULL =
      """
      berth_connections{state="active"} 100
      berth_connection_limit 100
      berth_connections_rejected_total{reason="limit"} 0
      berth_memory_working_set_bytes 6e7
      berth_memory_live_bytes 5e7
      """;

  private final Logger log = Logger.getLogger("dev.berth.operator");
  private final Told told = new Told();
  private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private HttpServer metrics;
  private ApiServer api;
  private Cluster cluster;
  private Scrape scrape;
  private StatusQueue statuses;
  private Events events;
  private Observer observer;
  private Execution execution;
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
    metrics = HttpServer.create();
    log.addHandler(told);
    api = new ApiServer();
    KubernetesClient client = api.client();
    cluster = new Cluster(client, Set.of());
    scrape = new Scrape(PATIENT);
    InstantSource clock = this.clock::get;
    var patches = new ApiWrites(client);
    var targets = new Targets(cluster);
    statuses = new StatusQueue(new StatusWrite(patches), clock, delay -> {});
    events = new Events(client, patches, "operator-a");
    observer = new Observer(cluster, targets, scrape);
    execution =
        new Execution(client, patches, new PodMarks(client, patches, cluster), targets, clock);
    reconciler =
        new PolicyReconciler(
            observer,
            execution,
            statuses,
            events,
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
    events.close();
    cluster.close();
    scrape.close();
    api.close();
    metrics.stop(0);
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

  private void listed() {
    cluster.start();
    await().atMost(PATIENT).until(cluster::synced);
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

  @Test
  void aTargetThatIsGoneLeavesNoFiguresAndIsNotReady() throws IOException {
    saturated();
    listed();
    reconciler.next(policy(bounds()));
    assertThat(registry.scrape())
        .contains(ready("true", 1), "berth_policy_replicas_current{", "berth_policy_pods{");

    reconciler.next(other("{apiVersion: apps/v1, kind: Deployment, name: gone}"));

    assertThat(registry.scrape())
        .contains(ready("true", 0), ready("false", 1), rounds(2))
        .contains(condition("MetricsAvailable", "unknown", 1))
        .doesNotContain("berth_policy_replicas_current{", "berth_policy_pods{");
  }

  @Test
  void aPolicyThatIsWrongFromItsBeginningIsToldNotReady() {
    listed();

    reconciler.next(policy("minReplicas: 5\n  maxReplicas: 2"));

    assertThat(registry.scrape()).contains(ready("false", 1), rounds(1));
  }

  @Test
  void aRoundThatFailsIsCountedAndToldNotReady() {
    api.refuses("/apis/example.com/v1", "the API is forbidden");
    listed();

    assertThatThrownBy(
            () -> reconciler.next(other("{apiVersion: example.com/v1, kind: Pool, name: chat}")))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(registry.scrape()).contains(ready("false", 1), rounds(1));
  }

  @Test
  void aPodsLimitAndItsSayInRotationAreOneWrite() throws IOException {
    answering(FULL.replace("active\"} 100", "active\"} 40"));
    listed();

    reconciler.next(policy(bounds()));

    String limit = "\"berth.dev/limit\":\"100\",\"berth.dev/generation\":\"1\"";
    assertThat(api.written("/pods/chat-a"))
        .singleElement()
        .asString()
        .endsWith("{%s,\"berth.dev/leave-when-full\":\"true\"}}}".formatted(limit));
    assertThat(api.written("/pods/chat-b"))
        .singleElement()
        .asString()
        .endsWith("{%s}}}".formatted(limit));
  }

  @Test
  void aPodThatCantBePatchedKeepsNoPodFromBeingAdded() throws IOException {
    saturated();
    api.refuses("/pods/chat-a", "a webhook refuses it");
    listed();

    reconciler.next(policy(bounds()));

    assertThat(api.written("/chat/scale")).singleElement().asString().contains("\"replicas\":3");
    assertThat(api.written("/pods/chat-b")).hasSize(1);
    await()
        .untilAsserted(() ->
            assertThat(api.written("/events"))
                .satisfiesExactlyInAnyOrder(
                    event -> assertThat(event).contains("\"reason\":\"LimitChanged\""),
                    event -> assertThat(event).contains("\"reason\":\"Scaled\"")));
    assertThat(registry.scrape()).contains(ready("false", 1), rounds(1));
    await()
        .untilAsserted(() ->
            assertThat(api.written("/chat/status"))
                .singleElement()
                .asString()
                .contains("ApiError", "a webhook refuses it", "\"lastScaleTime\":\"2026"));
  }

  @Test
  void roundsGoOnWhileAPodCantBePatchedAndItIsTriedAgainLater() throws IOException {
    saturated();
    api.refuses("/pods/chat-a", "a webhook refuses it");
    listed();

    assertThat(roundAt(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofSeconds(2));
    roundAt(Duration.ofMillis(900));
    assertThat(api.written("/pods/chat-a")).hasSize(1);
    assertThat(registry.scrape()).contains(ready("false", 1), rounds(2));

    roundAt(Duration.ofMillis(1000));
    roundAt(Duration.ofMillis(2400));
    assertThat(api.written("/pods/chat-a")).hasSize(2);

    api.allows("/pods/chat-a");
    roundAt(Duration.ofMillis(2500));
    assertThat(api.written("/pods/chat-a")).hasSize(3);
    assertThat(registry.scrape()).contains(ready("true", 1), rounds(5));
    assertThat(warnings()).filteredOn(line -> line.contains("a webhook refuses it")).hasSize(1);
    assertThat(told.lines).contains("INFO n/chat: nothing is refused any more");
  }

  @Test
  void whileTheApiServerHasNoTimeNoPodIsWrittenAndPodsAreAddedAllTheSame() throws IOException {
    saturated();
    api.hasNoTimeFor("/pods/chat-a", "7");
    api.hasNoTimeFor("/pods/chat-b", "7");
    listed();

    roundAt(Duration.ZERO);
    int asked = podsWritten();
    api.allows("/pods/chat-a");
    api.allows("/pods/chat-b");
    roundAt(Duration.ofMillis(6900));

    assertThat(asked).isPositive();
    assertThat(podsWritten()).isEqualTo(asked);
    assertThat(api.written("/chat/scale")).isNotEmpty();
    assertThat(registry.scrape()).contains(ready("false", 1));

    roundAt(Duration.ofMillis(7000));

    assertThat(podsWritten()).isEqualTo(asked + 2);
    assertThat(registry.scrape()).contains(ready("true", 1));
  }

  @Test
  void aPatchWithoutAnAnswerHoldsUpOneRoundForAMomentAndItsPodIsLeftAloneMeanwhile()
      throws IOException {
    saturated();
    api.answers("/pods/chat-a", pod("chat-a", "127.0.0.1", "chat-1"));
    api.answers("/pods/chat-b", pod("chat-b", "127.0.0.2", "chat-1"));
    var answers = new CountDownLatch(1);
    api.before("/pods/chat-a", () -> await().forever().until(() -> answers.getCount() == 0));
    listed();

    long began = System.nanoTime();
    roundAt(Duration.ZERO);
    for (int second = 1; second <= 20; second++) {
      roundAt(Duration.ofSeconds(second));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(api.written("/pods/chat-a")).hasSize(1);
    assertThat(api.written("/pods/chat-b")).hasSize(21);
    assertThat(registry.scrape()).contains(ready("false", 1));
    assertThat(warnings()).filteredOn(line -> line.contains("no answer yet")).hasSize(1);

    answers.countDown();
    await()
        .untilAsserted(() -> {
          roundAt(Duration.between(NOW, clock.get()).plusSeconds(20));
          assertThat(api.written("/pods/chat-a")).hasSizeGreaterThan(1);
        });
    assertThat(registry.scrape()).contains(ready("true", 1));
  }

  @Test
  void whatAnAnswerTellsThatComesLateIsKnownAtOnce() throws IOException {
    saturated();
    api.answers(
        "/pods/chat-a",
        patched("chat-a")
            .replace("\"uid\"", "\"annotations\":{\"berth.dev/limit\":\"100\"},\"uid\""));
    var answers = new CountDownLatch(1);
    api.before("/pods/chat-a", () -> await().forever().until(() -> answers.getCount() == 0));
    listed();
    roundAt(Duration.ZERO);

    answers.countDown();

    await()
        .untilAsserted(() ->
            assertThat(cluster.pod("n", "chat-a").orElseThrow().getMetadata().getAnnotations())
                .containsEntry("berth.dev/limit", "100"));
  }

  @Test
  void aPodIsRemovedOnceItIsKnownToGoFirstAndNoRoundWaitsLongForThat() throws IOException {
    saturated();
    api.answers(
        "/pods/chat-a",
        patched("chat-a")
            .replace(
                "\"uid\"",
                "\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"-2147483648\"},\"uid\""));
    var answers = new CountDownLatch(1);
    api.before("/pods/chat-a", () -> await().forever().until(() -> answers.getCount() == 0));
    listed();
    var seen = (Observer.Seen) observer.look(policy(bounds()), NOW);

    long began = System.nanoTime();
    Carried first = removed(seen);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(first.whole()).isFalse();
    assertThat(api.written("/chat/scale")).isEmpty();

    answers.countDown();
    await().until(() -> removed(seen).scaled());
    assertThat(api.written("/chat/scale")).singleElement().asString().contains("\"replicas\":1");
    assertThat(api.written("/pods/chat-a")).hasSize(1);
  }

  private Carried removed(Observer.Seen seen) {
    var removal = new Scale.Remove(1, Set.of("chat-a"));
    return execution.carryOut(
        seen,
        new Actions(Map.of(), Set.of(), Set.of(), Set.of(), Set.of(), removal),
        1,
        Refusals.NONE,
        NOW);
  }

  @Test
  void anInterruptedRoundEnds() throws Exception {
    saturated();
    var answers = new CountDownLatch(1);
    api.before("/pods/chat-a", () -> await().until(() -> answers.getCount() == 0));
    listed();

    Thread round = Thread.ofVirtual().start(() -> reconciler.next(policy(bounds())));
    await().until(() -> !api.written("/pods/chat-a").isEmpty());
    round.interrupt();

    assertThat(round.join(Duration.ofSeconds(5))).isTrue();
    answers.countDown();
  }

  @Test
  void aPodThatTookAnothersNameIsPassedOver() throws IOException {
    saturated();
    api.refuses("/pods/chat-a", 422, "Pod chat-a is invalid: metadata.uid: field is immutable");
    listed();

    reconciler.next(policy(bounds()));

    assertThat(api.written("/pods/chat-a"))
        .singleElement()
        .asString()
        .contains("{\"metadata\":{\"uid\":\"chat-a\",\"annotations\":");
    assertThat(registry.scrape()).contains(ready("true", 1));
    assertThat(warnings()).isEmpty();
  }

  private int podsWritten() {
    return api.written("/pods/chat-a").size() + api.written("/pods/chat-b").size();
  }

  private Duration roundAt(Duration after) {
    clock.set(NOW.plus(after));
    return reconciler.next(policy(bounds()));
  }

  @Test
  void podsAreAddedWhileOthersAreToldTheirLimits() throws IOException {
    saturated();
    api.before("/pods/chat-a", () -> await().until(() -> !api.written("/chat/scale").isEmpty()));
    listed();

    reconciler.next(policy(bounds()));

    assertThat(api.written("/chat/scale")).hasSize(1);
    assertThat(api.written("/pods/chat-a")).hasSize(1);
  }

  @Test
  void podsAreToldAtTheSameTime() throws IOException {
    saturated();
    api.before("/pods/chat-a", () -> await().until(() -> !api.written("/pods/chat-b").isEmpty()));
    api.before("/pods/chat-b", () -> await().until(() -> !api.written("/pods/chat-a").isEmpty()));
    listed();

    reconciler.next(policy(bounds()));

    assertThat(registry.scrape()).contains(ready("true", 1));
  }

  @Test
  void whatWasDoneBeforeAnotherScaledIsToldAndRemembered() throws IOException {
    saturated();
    api.answers("/chat/scale", scale(7));
    listed();

    reconciler.next(policy(bounds()));
    reconciler.next(policy(bounds()));

    assertThat(api.written("/chat/scale")).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(api.written("/events"))
                .singleElement()
                .asString()
                .contains("\"reason\":\"LimitChanged\""));
  }

  @Test
  void podsOfAnotherWorkloadWithTheSameLabelsAreLeftAlone() throws IOException {
    saturated();
    api.lists(
        "pods",
        pod("chat-a", "127.0.0.1", "chat-1"),
        pod("chat-b", "127.0.0.2", "chat-1"),
        pod("other-a", "127.0.0.3", "other-1"));
    listed();

    reconciler.next(policy(bounds()));

    assertThat(api.written("/pods/chat-a")).hasSize(1);
    assertThat(api.written("/pods/other-a")).isEmpty();
    assertThat(api.written("/chat/scale")).singleElement().asString().contains("\"replicas\":3");
  }

  @Test
  void anOlderPolicyOfAPartOfThePodsIsAConflict() throws IOException {
    saturated();
    ConnectionPolicy younger = younger();
    observer.policiesFrom(new KnownPolicies(younger, older()));
    listed();

    reconciler.next(younger);

    await()
        .untilAsserted(() ->
            assertThat(api.written("/chat/status"))
                .singleElement()
                .asString()
                .contains("TargetShared", "ConnectionPolicy part governs the pods of Deployment"));
    assertThat(api.written("/pods/chat-a")).isEmpty();
    assertThat(api.written("/chat/scale")).isEmpty();
  }

  @Test
  void ofTwoWorkloadsOfUnwatchedKindsWithTheSamePodsTheOldestPolicyGoverns() throws IOException {
    saturated();
    api.answers("/apis/example.com/v1", kinds("Pool", "Farm"));
    api.answers("/pools/chat/scale", scale(2, "app=chat"));
    api.answers("/farms/field/scale", scale(2, "app in (chat)"));
    ConnectionPolicy pool = other("{apiVersion: example.com/v1, kind: Pool, name: chat}");
    pool.getMetadata().setCreationTimestamp("2026-01-02T00:00:00Z");
    ConnectionPolicy farm = other("{apiVersion: example.com/v1, kind: Farm, name: field}");
    farm.getMetadata().setName("field");
    farm.getMetadata().setUid("u2");
    farm.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    observer.policiesFrom(new KnownPolicies(pool, farm));
    listed();

    reconciler.next(pool);
    reconciler.next(farm);

    await()
        .untilAsserted(() -> {
          assertThat(api.written("/chat/status"))
              .singleElement()
              .asString()
              .contains("TargetShared", "ConnectionPolicy field governs the pods of Pool chat");
          assertThat(api.written("/field/status"))
              .singleElement()
              .asString()
              .contains("OnlyGovernor");
        });
  }

  private static String kinds(String... kinds) {
    return Stream.of(kinds)
        .flatMap(kind ->
            Stream.of("", "/scale")
                .map(part ->
                    """
                    {"name":"%ss%s","kind":"%s","namespaced":true}
                    """
                        .formatted(
                            kind.toLowerCase(Locale.ROOT), part, part.isEmpty() ? kind : "Scale")))
        .collect(Collectors.joining(",", "{\"resources\":[", "]}"));
  }

  private static String scale(int replicas, String selector) {
    return """
    {"apiVersion":"autoscaling/v1","kind":"Scale",
     "metadata":{"name":"any","namespace":"n","uid":"s1","resourceVersion":"2"},
     "spec":{"replicas":%1$d},"status":{"replicas":%1$d,"selector":"%2$s"}}
    """
        .formatted(replicas, selector);
  }

  @Test
  void aPolicyThatIsBeingDeletedGovernsNoMore() throws IOException {
    saturated();
    ConnectionPolicy younger = younger();
    ConnectionPolicy older = older();
    older.getMetadata().setDeletionTimestamp("2026-01-03T00:00:00Z");
    older.getMetadata().setFinalizers(List.of("example.com/somebody-elses"));
    observer.policiesFrom(new KnownPolicies(younger, older));
    listed();

    reconciler.next(younger);

    await().untilAsserted(() -> assertThat(api.written("/pods/chat-a")).isNotEmpty());
  }

  @Test
  void onlyAPodThatShouldAnswerCountsAsAScrapeThatFailed() throws IOException {
    saturated();
    metrics.stop(0);
    api.lists(
        "pods",
        with(pod("chat-a", "127.0.0.1", "chat-1"), "True", "{\"running\":{}}"),
        with(
            pod("chat-b", "127.0.0.2", "chat-1"),
            "False",
            "{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}"));
    listed();

    reconciler.next(policy(bounds()));

    assertThat(registry.scrape())
        .contains("berth_policy_pods{namespace=\"n\",phase=\"missing\",policy=\"chat\"} 2.0\n")
        .contains("berth_policy_scrape_failures_total{namespace=\"n\",policy=\"chat\"} 1.0\n");
  }

  private static String with(String pod, String ready, String state) {
    return pod.replace(
        "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]",
        """
        "conditions":[{"type":"Ready","status":"%s"}],
        "containerStatuses":[{"name":"server","state":%s}]
        """
            .formatted(ready, state));
  }

  private ConnectionPolicy younger() {
    ConnectionPolicy younger = policy(bounds());
    younger.getMetadata().setCreationTimestamp("2026-01-02T00:00:00Z");
    return younger;
  }

  private static ConnectionPolicy older() {
    ConnectionPolicy older = other("{apiVersion: apps/v1, kind: ReplicaSet, name: chat-1}");
    older.getMetadata().setName("part");
    older.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    return older;
  }

  /** Two pods that are full, of a Deployment. */
  private void saturated() throws IOException {
    answering(FULL);
  }

  /** Two pods, each of which answers this. */
  private void answering(String text) throws IOException {
    metrics = HttpServer.create(new InetSocketAddress(0), 0);
    metrics.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
          }
        });
    metrics.start();
    api.lists("deployments", DEPLOYMENT);
    api.lists("replicasets", replicaSet("chat-1", "chat"), replicaSet("other-1", "other"));
    api.lists("pods", pod("chat-a", "127.0.0.1", "chat-1"), pod("chat-b", "127.0.0.2", "chat-1"));
    api.answers("/pods/chat-a", patched("chat-a"));
    api.answers("/pods/chat-b", patched("chat-b"));
    api.answers("/chat/scale", scale(2));
  }

  private static String replicaSet(String name, String deployment) {
    return """
    {"metadata":{"name":"%s","namespace":"n","uid":"%1$s","resourceVersion":"1",
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"%s","uid":"d1","controller":true}]},
     "spec":{"replicas":2,"selector":{"matchLabels":{"app":"chat"}}}}
    """
        .formatted(name, deployment);
  }

  private static String pod(String name, String address, String replicaSet) {
    return """
    {"metadata":{"name":"%1$s","namespace":"n","uid":"%1$s","resourceVersion":"1","labels":{"app":"chat"},
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"%3$s","uid":"%3$s","controller":true}]},
     "spec":{"containers":[{"name":"server","resources":{"limits":{"memory":"128Mi"}}}]},
     "status":{"podIP":"%2$s","phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}
    """
        .formatted(name, address, replicaSet);
  }

  private static String patched(String pod) {
    return """
    {"metadata":{"name":"%1$s","namespace":"n","uid":"%1$s","resourceVersion":"2"}}
    """
        .formatted(pod);
  }

  private static String scale(int replicas) {
    return """
    {"apiVersion":"autoscaling/v1","kind":"Scale",
     "metadata":{"name":"chat","namespace":"n","uid":"d1","resourceVersion":"2"},"spec":{"replicas":%d}}
    """
        .formatted(replicas);
  }

  private String bounds() {
    return "connections: {minLimit: 50, maxLimit: 100}\n  metrics: {port: %d}"
        .formatted(metrics.getAddress().getPort());
  }

  private static ConnectionPolicy other(String target) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: chat, namespace: n, uid: u1, generation: 2}
        spec: {scaleTargetRef: %s}
        """
            .formatted(target),
        ConnectionPolicy.class);
  }

  private static String ready(String status, int value) {
    return condition("Ready", status, value);
  }

  private static String condition(String type, String status, int value) {
    return "berth_policy_condition{condition=\"%s\",namespace=\"n\",policy=\"chat\",status=\"%s\"} %d.0\n"
        .formatted(type, status, value);
  }

  private static String rounds(int count) {
    return "berth_policy_round_duration_seconds_count{namespace=\"n\",policy=\"chat\"} %d\n"
        .formatted(count);
  }
}
