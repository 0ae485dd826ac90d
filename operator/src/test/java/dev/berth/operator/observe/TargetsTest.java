package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ScaleTargetRef;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static Target target(String apiVersion, String kind) {
    var ref = new ScaleTargetRef(apiVersion, kind, "chat");
    return new Target(
        "n", ref, Kinds.apps(kind), "uid-" + kind, 1, false, Selector.parse("app=chat"));
  }

  @Test
  void aScaleIsKeptOnlyUntilAWatchTellsIt() {
    try (var client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build()) {
      var targets = new Targets(new Cluster(client, Set.of()));

      targets.wrote(target("apps/v1", "Deployment"), new ScaleBuilder().build());
      targets.wrote(target("example.com/v1", "Pool"), new ScaleBuilder().build());

      assertThat(targets.ahead()).isEqualTo(1);
    }
  }
}
