package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pod that no policy governs derives its limit from its own container. */
class AutoLimitE2E {
  private static final long MIB = 1024 * 1024;
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "limit (\\d+), from 128Mi of memory \\(cgroup v[12]\\), of which \\S+ are in use, a heap of");

  @RegisterExtension static final Berth BERTH = Berth.installed("auto", 1);

  @Test
  void thePodsOwnMemorySetsTheLimit() {
    Workload workload = Workload.start(BERTH, 1);
    Pod pod = workload.pods().getFirst();
    Matcher announced =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> ANNOUNCED.matcher(workload.log(pod)), Matcher::find);
    int limit = Integer.parseInt(announced.group(1));

    assertThat(workload.metric(pod, "berth_memory_limit_bytes")).hasValue(128.0 * MIB);
    assertThat(workload.metric(pod, "berth_connection_limit")).hasValue(limit);
    // What its memory and its heap hold: 75 % of 128 MiB in pieces of 64 KiB at most
    assertThat(limit).isBetween(100, 1_536);
  }
}
