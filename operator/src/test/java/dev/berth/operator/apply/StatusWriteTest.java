package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusWriteTest {
  @Test
  void whatAStatusDoesNotHaveIsTakenAway() {
    var status =
        new ConnectionPolicyStatus(
            3L, 2, null, 840, null, null, null, null, null, "held", List.of(), List.of());

    assertThat(StatusWrite.patch(status).toString())
        .contains("\"observedGeneration\":3", "\"connectionLimit\":840", "\"reason\":\"held\"")
        .contains("\"desiredReplicas\":null", "\"saturation\":null", "\"lastScaleTime\":null")
        .startsWith("{\"status\":{");
  }

  @Test
  void podsThatAStatusDoesNotTellStayAsTheyWere() {
    var status =
        new ConnectionPolicyStatus(
            3L, 2, null, 840, null, null, null, null, null, "held", null, List.of());

    assertThat(StatusWrite.patch(status).toString()).doesNotContain("pods");
  }
}
