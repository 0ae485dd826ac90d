package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Episode;
import dev.berth.operator.decide.History;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final ConnectionPolicy POLICY =
      Serialization.unmarshal(
          """
          apiVersion: berth.dev/v1alpha1
          kind: ConnectionPolicy
          metadata: {name: chat, namespace: n, uid: u1}
          spec: {scaleTargetRef: {kind: Deployment, name: chat}}
          status:
            connectionLimit: 840
            bytesPerConnection: 31200
            conditions:
            - {type: Pressure, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
            - {type: MetricsAvailable, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
            - {type: Conflict, status: "False", lastTransitionTime: "2026-01-01T00:00:00Z"}
          """,
          ConnectionPolicy.class);

  @Test
  void aNewProcessBeginsWithWhatTheStatusTells() {
    Memory.Entry entry = new Memory().of(POLICY);

    assertThat(entry.history())
        .isEqualTo(
            History.resumed(
                31_200,
                OptionalInt.of(840),
                Map.of(
                    Condition.Type.PRESSURE,
                    Episode.resumed(Instant.parse("2026-01-01T00:00:00Z")))));
    assertThat(entry.status()).isEqualTo(POLICY.getStatus());
  }

  @Test
  void whatWasKeptCountsBeforeWhatTheStatusTells() {
    var memory = new Memory();
    memory.put(POLICY, memory.of(POLICY).with(ConnectionPolicyStatus.NONE));

    assertThat(memory.of(POLICY).status()).isEqualTo(ConnectionPolicyStatus.NONE);
  }

  @Test
  void ofAnotherTargetOnlyTheCostIsKnown() {
    Memory.Entry resumed = new Memory().of(POLICY);
    Memory.Entry first = resumed.of("t1");

    assertThat(first.history()).isEqualTo(resumed.history());
    assertThat(first.of("t1")).isEqualTo(first);
    assertThat(first.of("t2").history())
        .isEqualTo(
            History.resumed(
                31_200,
                OptionalInt.empty(),
                Map.of(
                    Condition.Type.PRESSURE,
                    Episode.resumed(Instant.parse("2026-01-01T00:00:00Z")))));
  }

  @Test
  void whatIsForgottenIsToldByItsNameOnce() {
    var memory = new Memory();
    memory.put(POLICY, memory.of(POLICY));

    assertThat(memory.forget("u1")).map(Memory.Entry::name).contains("chat");
    assertThat(memory.forget("u1")).isEmpty();
    assertThat(memory.uids()).isEmpty();
  }
}
