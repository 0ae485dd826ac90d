package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.apply.StatusPace.Worth;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusPaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ConnectionPolicyStatus status(int pods, Pod.State state) {
    return StatusReport.of(
        StatusReportTest.decision(pods, state), ConnectionPolicyStatus.NONE, 3, false, NOW);
  }

  private static ConnectionPolicyStatus withActive(ConnectionPolicyStatus status, int active) {
    return new ConnectionPolicyStatus(
        status.observedGeneration(),
        status.currentReplicas(),
        status.desiredReplicas(),
        status.connectionLimit(),
        active,
        status.rejectedPerSecond(),
        status.saturation(),
        status.bytesPerConnection(),
        status.lastScaleTime(),
        "saturation moved",
        status.pods(),
        status.conditions());
  }

  private static final ConnectionPolicyStatus WRITTEN = status(2, StatusReportTest.observed(100));

  @Test
  void whatDidNotChangeIsNeverWritten() {
    assertThat(StatusPace.worth(WRITTEN, WRITTEN, NOW, 1, NOW.plusSeconds(3600)))
        .isEqualTo(Worth.NOTHING);
  }

  @Test
  void figuresThatMoveAreWrittenEachFiveSeconds() {
    ConnectionPolicyStatus moved = withActive(WRITTEN, 201);

    assertThat(StatusPace.worth(WRITTEN, moved, NOW, 1, NOW.plusMillis(4_999)))
        .isEqualTo(Worth.NOTHING);
    assertThat(StatusPace.worth(WRITTEN, moved, NOW, 1, NOW.plusSeconds(5)))
        .isEqualTo(Worth.FIGURES);
  }

  @Test
  void figuresOfAThousandPoliciesAreWrittenTwentyTimesASecond() {
    ConnectionPolicyStatus moved = withActive(WRITTEN, 201);

    assertThat(StatusPace.worth(WRITTEN, moved, NOW, 1000, NOW.plusMillis(49_999)))
        .isEqualTo(Worth.NOTHING);
    assertThat(StatusPace.worth(WRITTEN, moved, NOW, 1000, NOW.plusSeconds(50)))
        .isEqualTo(Worth.FIGURES);
  }

  @Test
  void aChangeOfStateIsWrittenAtOnce() {
    assertThat(StatusPace.worth(WRITTEN, status(2, new Pod.Missing("no answer")), NOW, 1, NOW))
        .isEqualTo(Worth.CHANGE);
    assertThat(StatusPace.worth(WRITTEN, status(3, StatusReportTest.observed(100)), NOW, 1, NOW))
        .isEqualTo(Worth.CHANGE);
  }

  @Test
  void theFirstStatusIsWrittenAtOnce() {
    assertThat(StatusPace.worth(ConnectionPolicyStatus.NONE, WRITTEN, Instant.MIN, 1, NOW))
        .isEqualTo(Worth.CHANGE);
  }

  @Test
  void podsThatAreNotToldHaveNotChanged() {
    assertThat(StatusPace.worth(WRITTEN, WRITTEN.withoutPods(), NOW, 1, NOW))
        .isEqualTo(Worth.NOTHING);
  }
}
