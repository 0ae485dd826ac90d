package dev.berth.operator.reconcile;

import static org.awaitility.Awaitility.await;

import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LoopIT {
  @Test
  void oneLeadsByTheLeaseOfItsOwnName() throws IOException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var settings =
        new Loop.Settings(
            Set.of(),
            Duration.ofSeconds(1),
            Optional.of(new Loop.Lock("n", "one-berth-operator")),
            "operator-a");
    try (var api = new ApiServer()) {
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
           "spec":{"holderIdentity":"","leaseDurationSeconds":15,"leaseTransitions":1,
            "acquireTime":"2026-01-01T00:00:00.000000Z","renewTime":"2026-01-01T00:00:00.000000Z"}}
          """);
      var loop =
          new Loop(
              settings,
              api.client(),
              new PolicyMetrics(registry),
              new LoopMetrics(registry),
              InstantSource.system(),
              () -> {});
      try (loop) {
        Thread.ofVirtual().start(() -> loop.start(new CompletableFuture<>()));
        await().until(() -> !api.written("/leases/one-berth-operator").isEmpty());
      }
    }
  }
}
