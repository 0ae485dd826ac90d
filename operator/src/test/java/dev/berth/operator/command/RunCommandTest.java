package dev.berth.operator.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.reconcile.Loop;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RunCommandTest {
  @Test
  void aFieldOfALaterVersionIsNoReasonToFail() {
    String later =
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: web}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          maxReplicas: 7
          connections: {laterField: 1}
          anotherLaterField: {}
        """;
    try (KubernetesClient client = RunCommand.client()) {
      ConnectionPolicy policy =
          client.getKubernetesSerialization().unmarshal(later, ConnectionPolicy.class);
      assertThat(policy.getSpec().maxReplicas()).isEqualTo(7);
    }
  }

  @Test
  void aValueOfALaterVersionIsToldAndThePolicyKeepsItsTarget() {
    try (KubernetesClient client = RunCommand.client()) {
      ConnectionPolicy later =
          client
              .getKubernetesSerialization()
              .unmarshal(
                  """
                  apiVersion: berth.dev/v1alpha1
                  kind: ConnectionPolicy
                  metadata: {name: later, generation: 1}
                  spec:
                    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                    updatePolicy: {updateMode: Later}
                  status:
                    pods: [{name: web-1, phase: Sleeping}]
                  """,
                  ConnectionPolicy.class);

      assertThatThrownBy(later::resolved)
          .hasMessage(
              "spec.updatePolicy.updateMode is \"Later\"; it must be one of Off, LimitsOnly, Auto,"
                  + " as far as this version of the operator knows");
      assertThat(later.getSpec().scaleTargetRef().name()).isEqualTo("web");
      assertThat(later.getStatus()).isEqualTo(ConnectionPolicyStatus.NONE);
    }
  }

  @Test
  void aLeaseIsNamedByTheEnvironmentTooAndAsAnObjectIs() {
    var told = new StringWriter();
    int status =
        BerthOperator.commandLine(Map.of("BERTH_LEASE_NAME", "Berth_1"))
            .setErr(new PrintWriter(told))
            .execute("run", "--lease-namespace=n");

    assertThat(status).isEqualTo(2);
    assertThat(told.toString())
        .isEqualToIgnoringNewLines(
            "berth-operator: --lease-name is 'Berth_1', which is no object's name");
  }

  @Test
  void operatorsThatNobodyNamesHaveNamesOfTheirOwn() {
    String one = settings().identity();

    assertThat(one).isNotEqualTo(settings().identity()).hasSizeLessThanOrEqualTo(128);
    assertThat(settings("--identity=a").identity()).isEqualTo("a");
  }

  private static Loop.Settings settings(String... more) {
    CommandLine line = BerthOperator.commandLine(Map.of());
    RunCommand command =
        line.parseArgs(
                Stream.concat(Stream.of("run", "--leader-election=false"), Stream.of(more))
                    .toArray(String[]::new))
            .subcommand()
            .commandSpec()
            .commandLine()
            .getCommand();
    return command.settings();
  }
}
