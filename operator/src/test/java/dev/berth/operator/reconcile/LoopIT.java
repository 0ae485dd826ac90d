package dev.berth.operator.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.berth.operator.AnsweringApi;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoopIT {
  private static final Duration LONGER_THAN_ITS_WRITER_IS_WAITED_FOR = Duration.ofSeconds(4);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private Loop loop(KubernetesClient client, Optional<Loop.Lock> lock) {
    return new Loop(
        new Loop.Settings(Set.of(), Duration.ofSeconds(1), lock, "operator-a"),
        client,
        new PolicyMetrics(registry),
        new LoopMetrics(registry),
        InstantSource.system(),
        () -> {});
  }

  @Test
  void oneLeadsByTheLeaseOfItsOwnName() throws IOException {
    try (var api = new ApiServer()) {
      leasing(api, "");
      try (var loop = loop(api.client(), Optional.of(new Loop.Lock("n", "one-berth-operator")))) {
        Thread.ofVirtual().start(() -> loop.start(new CompletableFuture<>()));
        await().until(() -> !api.written("/leases/one-berth-operator").isEmpty());
      }
    }
  }

  @Test
  void theLeaseIsGivenBackOnceTheLastWriteHasItsAnswer() throws IOException {
    List<String> before = Collections.synchronizedList(new ArrayList<>());
    try (var api = governing()) {
      api.before(
          "/chat/status",
          () -> {
            LockSupport.parkNanos(LONGER_THAN_ITS_WRITER_IS_WAITED_FOR.toNanos());
            before.add("answered");
            before.addAll(givenBack(api));
          });
      try (var loop = loop(api.client(), Optional.of(new Loop.Lock("n", "one-berth-operator")))) {
        Thread.ofVirtual().start(() -> loop.start(new CompletableFuture<>()));
        await().until(() -> !api.written("/chat/status").isEmpty());
      }
      assertThat(before).containsExactly("answered");
      assertThat(givenBack(api)).hasSize(1);
    }
  }

  @Test
  void whileAWriteHasNoAnswerTheLeaseIsNotGivenBack() throws IOException {
    var gate = new CompletableFuture<Void>();
    try (var api = governing()) {
      api.before("/chat/status", gate::join);
      try (var loop = loop(api.client(), Optional.of(new Loop.Lock("n", "one-berth-operator")))) {
        Thread.ofVirtual().start(() -> loop.start(new CompletableFuture<>()));
        await().until(() -> !api.written("/chat/status").isEmpty());
      }
      assertThat(givenBack(api)).isEmpty();
    } finally {
      gate.complete(null);
    }
  }

  private static List<String> givenBack(ApiServer api) {
    return api.written("/leases/one-berth-operator").stream()
        .filter(each -> each.contains("\"holderIdentity\":\"\""))
        .toList();
  }

  /** With a lease that this operator holds, and a policy without a target, so one status. */
  private static ApiServer governing() throws IOException {
    var api = new ApiServer();
    leasing(api, "operator-a");
    api.lists(
        "connectionpolicies",
        """
        {"apiVersion":"berth.dev/v1alpha1","kind":"ConnectionPolicy",
         "metadata":{"name":"chat","namespace":"n","uid":"u1","generation":1,"resourceVersion":"1"},
         "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"chat"}}}
        """);
    return api;
  }

  private static void leasing(ApiServer api, String holder) {
    api.answers(
        "/selfsubjectrulesreviews",
        """
        {"status":{"resourceRules":[
          {"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["*"]}]}}
        """);
    api.answers(
        "/leases/one-berth-operator",
        """
        {"metadata":{"name":"one-berth-operator","namespace":"n","resourceVersion":"1"},
         "spec":{"holderIdentity":"%s","leaseDurationSeconds":15,"leaseTransitions":1,
          "acquireTime":"2026-01-01T00:00:00.000000Z","renewTime":"2026-01-01T00:00:00.000000Z"}}
        """
            .formatted(holder));
  }

  @Test
  void whatIsWatchedNoMoreAfterItWasListedIsTold() throws IOException {
    var forbidden = new CompletableFuture<Set<String>>();
    try (var api = AnsweringApi.start(exchange -> watched(exchange, forbidden));
        var loop = loop(api.client(), Optional.empty())) {
      loop.start(new CompletableFuture<>());
      await().untilAsserted(() -> assertThat(down()).isEmpty());

      forbidden.complete(Set.of("pods", "connectionpolicies"));

      await()
          .untilAsserted(
              () -> assertThat(down()).containsExactlyInAnyOrder("Pod", "ConnectionPolicy"));
      assertThat(loop.ready()).isTrue();
    } finally {
      forbidden.complete(Set.of());
    }
  }

  /** The kinds whose watch is down. */
  private List<String> down() {
    var watches = registry.get("berth.operator.watch.up").gauges();
    assertThat(watches).hasSize(7);
    return watches.stream()
        .filter(each -> each.value() == 0)
        .map(each -> String.valueOf(each.getId().getTag("kind")))
        .toList();
  }

  /**
   * Lists nothing, and lets everything be watched, without WebSockets, until it is told which kinds
   * not: then those watches end.
   */
  private static void watched(HttpExchange exchange, CompletableFuture<Set<String>> forbidden)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    String kind = path.substring(path.lastIndexOf('/') + 1);
    boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (!watch) {
        answer(exchange, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
      } else if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        answer(exchange, "");
      } else if (forbidden.getNow(Set.of()).contains(kind)) {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_FORBIDDEN, -1);
      } else {
        answer(
            exchange,
            """
            {"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Any","metadata":{"resourceVersion":"2"}}}
            """);
        if (!forbidden.join().contains(kind)) {
          new CompletableFuture<>().join();
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }
}
