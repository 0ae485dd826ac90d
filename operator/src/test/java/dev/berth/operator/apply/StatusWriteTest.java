package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusWriteTest {
  @Test
  void aStatusIsWrittenWholeAndOnNoOtherPolicyOfThatName() {
    var status =
        new ConnectionPolicyStatus(
            3L, 2, null, 840, null, null, null, null, null, "held", List.of(), List.of());

    assertThat(StatusWrite.patch("u1", status))
        .hasToString(
            """
            [{"op":"test","path":"/metadata/uid","value":"u1"},\
            {"op":"add","path":"/status","value":{"observedGeneration":3,"currentReplicas":2,\
            "connectionLimit":840,"reason":"held","pods":[],"conditions":[]}}]\
            """);
  }
}
