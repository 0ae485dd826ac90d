package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.operator.decide.Behavior;
import dev.berth.operator.decide.Policy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionPolicySpecTest {
  private static ConnectionPolicySpec spec(String yaml) {
    return Serialization.unmarshal(
        "scaleTargetRef: {kind: Deployment, name: chat}\n" + yaml, ConnectionPolicySpec.class);
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(spec("").resolved(7))
        .isEqualTo(
            new Policy(
                7,
                1,
                10,
                Policy.UpdateMode.AUTO,
                new Policy.Connections(50, 50_000, 70, 90, 2.0),
                new Policy.Memory(75, 90),
                Behavior.DEFAULT,
                Duration.ofSeconds(300),
                new Policy.Fallback(3, Optional.empty())));
  }

  @Test
  void anEmptySectionIsTheSameAsNone() {
    assertThat(
            spec(
                """
                updatePolicy: {}
                connections: {}
                memory: {}
                metrics: {}
                behavior: {scaleUp: {}, scaleDown: {}}
                drain: {}
                fallback: {}
                """))
        .isEqualTo(spec(""));
  }

  @Test
  void everyFieldIsTakenOver() {
    ConnectionPolicySpec spec =
        spec(
            """
            minReplicas: 2
            maxReplicas: 40
            updatePolicy: {updateMode: LimitsOnly}
            connections: {minLimit: 5, maxLimit: 500, targetUtilization: 60, panicUtilization: 80, maxSkew: 3, whenFull: StayInRotation}
            memory: {targetUtilization: 65, pressureUtilization: 85, container: app, source: Metrics}
            metrics: {port: 8081, path: /stats}
            behavior:
              scaleUp:
                stabilizationWindowSeconds: 30
                selectPolicy: Min
                policies: [{type: Pods, value: 3, periodSeconds: 20}]
                tolerance: 0.05
              scaleDown: {selectPolicy: Disabled}
            drain: {timeoutSeconds: 60}
            fallback: {failureThreshold: 5, replicas: 4}
            """);

    assertThat(spec.metrics()).isEqualTo(new Metrics(8081, "/stats"));
    assertThat(spec.memory().named()).contains("app");
    assertThat(spec.memory().source()).isEqualTo(Memory.Source.METRICS);
    assertThat(spec.resolved(1))
        .isEqualTo(
            new Policy(
                1,
                2,
                40,
                Policy.UpdateMode.LIMITS_ONLY,
                new Policy.Connections(
                    5, 500, 60, 80, 3.0, Policy.Connections.WhenFull.STAY_IN_ROTATION),
                new Policy.Memory(65, 85),
                new Behavior(
                    new Behavior.Rules(
                        Duration.ofSeconds(30),
                        Behavior.Select.MIN,
                        List.of(new Behavior.Rate(Behavior.Unit.PODS, 3, Duration.ofSeconds(20))),
                        0.05),
                    new Behavior.Rules(
                        Behavior.DEFAULT_DOWN.stabilization(),
                        Behavior.Select.DISABLED,
                        Behavior.DEFAULT_DOWN.rates(),
                        Behavior.DEFAULT_DOWN.tolerance())),
                Duration.ofSeconds(60),
                new Policy.Fallback(5, Optional.of(4))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minReplicas: 0                            | spec.minReplicas is 0; it must be at least 1
          minReplicas: 20                           | spec.minReplicas is 20 and spec.maxReplicas is 10; minReplicas must not exceed maxReplicas
          connections: {minLimit: 60000}            | spec.connections.minLimit is 60000 and maxLimit is 50000; minLimit must not exceed maxLimit
          connections: {targetUtilization: 95}      | spec.connections.targetUtilization is 95 and panicUtilization is 90; the target must not exceed panicUtilization
          connections: {maxSkew: 1}                 | spec.connections.maxSkew is 1.0; it must be 1.1 to 1000
          memory: {targetUtilization: 90}           | spec.memory.targetUtilization is 90 and pressureUtilization is 90; the target must be below pressureUtilization
          memory: {pressureUtilization: 101}        | spec.memory.pressureUtilization is 101; it must be a percentage, 1 to 100
          metrics: {port: 70000}                    | spec.metrics.port is 70000; it must be 1 to 65535
          metrics: {path: metrics}                  | spec.metrics.path is "metrics"; it must begin with / and hold no blanks
          drain: {timeoutSeconds: -1}               | spec.drain.timeoutSeconds is -1; it must not be negative
          fallback: {failureThreshold: 0}           | spec.fallback.failureThreshold is 0; it must be at least 1
          fallback: {replicas: 11}                  | spec.fallback.replicas is 11; it must be between minReplicas, 1, and maxReplicas, 10
          behavior: {scaleDown: {stabilizationWindowSeconds: 3601}} | spec.behavior.scaleDown: stabilizationWindowSeconds is 3601; it must be 0 to 3600
          behavior: {scaleUp: {tolerance: 1}}       | spec.behavior.scaleUp: tolerance is 1.0; it must be at least 0 and below 1
          behavior: {scaleUp: {tolerance: lots}}    | spec.behavior.scaleUp: tolerance is "lots"; it must be a quantity from 0 to below 1, such as 0.05 or 50m
          """)
  void aBadValueIsRefusedWithASentenceThatNamesTheField(String yaml, String sentence) {
    ConnectionPolicySpec spec = spec(yaml);

    assertThatThrownBy(() -> spec.resolved(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.05", "\"0.05\"", "50m", "\"50m\""})
  void aToleranceIsWrittenAsAnyQuantity(String written) {
    assertThat(
            spec("behavior: {scaleUp: {tolerance: %s}}".formatted(written))
                .resolved(1)
                .behavior()
                .scaleUp()
                .tolerance())
        .isEqualTo(0.05);
  }

  @Test
  void whatWasReadIsWrittenAsItWas() {
    String yaml = "behavior: {scaleUp: {tolerance: 50m}}";

    assertThat(
            Serialization.unmarshal(Serialization.asYaml(spec(yaml)), ConnectionPolicySpec.class))
        .isEqualTo(spec(yaml));
  }

  @Test
  void targetsAreTheSameInAnyVersionOfTheirGroup() {
    var target = new ScaleTargetRef("apps/v1", "Deployment", "chat");

    assertThat(target.same(new ScaleTargetRef("apps/v1beta2", "Deployment", "chat"))).isTrue();
    assertThat(target.same(new ScaleTargetRef("extensions/v1", "Deployment", "chat"))).isFalse();
    assertThat(target.same(new ScaleTargetRef("apps/v1", "Deployment", "other"))).isFalse();
  }
}
