package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.apply.StatusPace.Worth;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
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
  void whichOfMoreThanFiftyPodsAreToldIsNoChange() {
    ConnectionPolicyStatus some = fiftyFrom(0, 400);

    assertThat(StatusPace.worth(some, fiftyFrom(10, 400), NOW, 1, NOW.plusMillis(4_999)))
        .isEqualTo(Worth.NOTHING);
    assertThat(StatusPace.worth(some, fiftyFrom(10, 400), NOW, 1, NOW.plusSeconds(5)))
        .isEqualTo(Worth.FIGURES);
    assertThat(StatusPace.worth(some, fiftyFrom(10, 300), NOW, 1, NOW)).isEqualTo(Worth.CHANGE);
  }

  @Test
  void onePodInPlaceOfAnotherIsAChange() {
    assertThat(StatusPace.worth(told(pods(0, 3, 400)), told(pods(1, 3, 400)), NOW, 1, NOW))
        .isEqualTo(Worth.CHANGE);
  }

  private static ConnectionPolicyStatus fiftyFrom(int first, int limit) {
    return told(pods(first, 50, limit));
  }

  private static List<PodStatus> pods(int first, int count, int limit) {
    return IntStream.range(first, first + count)
        .mapToObj(pod ->
            new PodStatus("chat-" + pod, PodStatus.Phase.SERVING, 1, limit, limit, null, null))
        .toList();
  }

  private static ConnectionPolicyStatus told(List<PodStatus> pods) {
    return new ConnectionPolicyStatus(
        3L, 60, 60, 400, 100, 0, 10, 30_000L, null, "", pods, WRITTEN.conditions());
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
