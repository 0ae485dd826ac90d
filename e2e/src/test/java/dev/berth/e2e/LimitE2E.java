package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A policy gives every pod the limit that its memory allows, within seconds. */
class LimitE2E {
  private static final long MIB = 1024 * 1024;
  private static final int BOUND = 50;

  @RegisterExtension static final Berth BERTH = Berth.installed("limit", 1);

  @Test
  void thePodsMemorySetsTheLimitInForce() {
    Workload workload = Workload.start(BERTH, 2);
    Instant start = Instant.now();
    workload.govern(Map.of("minReplicas", 2));
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> workload.pods().stream().allMatch(pod -> inForce(workload, pod).isPresent()));
    Figures.since(start, "from a policy to its limit in force in 2 pods");

    Pod pod = workload.pods().getFirst();
    long cost = number(workload.status("bytesPerConnection"));
    int limit = inForce(workload, pod).orElseThrow();
    // 75 % of 128 MiB less what the server takes without connections, over what each costs: no more
    // than if it took nothing, and no less than if it took half of it
    assertThat((double) limit * cost).isBetween(0.25 * 128 * MIB, 0.75 * 128 * MIB);
    assertThat(workload.pods())
        .allSatisfy(each ->
            assertThat(each.getMetadata().getAnnotations())
                .containsEntry("berth.dev/limit", Integer.toString(limit)));
  }

  @Test
  void aChangedPolicyMovesTheLimitInForce() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Map.of());
    awaitLimits(workload, 1);

    Instant start = Instant.now();
    workload.change(bounded());
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> limits(workload).equals(List.of(OptionalInt.of(BOUND))));
    Figures.since(start, "from a changed policy to its limit in force");
    long generation = workload.policy().require().getMetadata().getGeneration();
    assertThat(workload.metric(workload.pods().getFirst(), "berth_limit_generation"))
        .hasValue((double) generation);
  }

  @Test
  void aNewPodGetsTheLimitToo() {
    Workload workload = Workload.start(BERTH, 1);
    workload.govern(Map.of("minReplicas", 2, "connections", Map.of("maxLimit", BOUND)));
    awaitLimits(workload, 2);
    assertThat(limits(workload)).containsOnly(OptionalInt.of(BOUND));
  }

  private static void awaitLimits(Workload workload, int pods) {
    await()
        .atMost(Duration.ofSeconds(45))
        .until(() ->
            limits(workload).size() == pods
                && limits(workload).stream().allMatch(OptionalInt::isPresent));
  }

  private static List<OptionalInt> limits(Workload workload) {
    return workload.pods().stream().map(pod -> inForce(workload, pod)).toList();
  }

  /** The pod's limit, once it is what its annotation says. */
  private static OptionalInt inForce(Workload workload, Pod pod) {
    Optional<String> written =
        Optional.ofNullable(pod.getMetadata().getAnnotations()).map(a -> a.get("berth.dev/limit"));
    var applied = workload.metric(pod, "berth_connection_limit");
    return written.isPresent()
            && applied.isPresent()
            && Integer.parseInt(written.get()) == (int) applied.getAsDouble()
        ? OptionalInt.of((int) applied.getAsDouble())
        : OptionalInt.empty();
  }

  private static String bounded() {
    return "{\"spec\":{\"connections\":{\"minLimit\":10,\"maxLimit\":%d}}}".formatted(BOUND);
  }

  private static long number(Optional<Object> field) {
    return ((Number) field.orElseThrow()).longValue();
  }
}
