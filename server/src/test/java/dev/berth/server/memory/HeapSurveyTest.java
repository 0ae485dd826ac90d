package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When it is worth a pause to know what of the heap is alive. */
final class HeapSurveyTest {
  private static final long ALIVE = 16 << 20;
  private static final Duration SHORT = Duration.ofMillis(1);

  private final FakeTime time = new FakeTime();
  private final HeapSurvey survey = new HeapSurvey(time);

  @Test
  void isNotDueWhileTheServerStarts() {
    time.pass(Duration.ofSeconds(9));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isFalse();
    time.pass(Duration.ofSeconds(1));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isTrue();
  }

  @Test
  void isDueWhenAQuarterOfTheConnectionsHasComeOrGone() {
    taken(1_000, SHORT);
    time.pass(Duration.ofMinutes(1));
    assertThat(survey.due(1_249, ALIVE, 0)).isFalse();
    assertThat(survey.due(1_250, ALIVE, 0)).isTrue();
    assertThat(survey.due(751, ALIVE, 0)).isFalse();
    assertThat(survey.due(750, ALIVE, 0)).isTrue();
  }

  @Test
  void isNotDueForAFewConnections() {
    taken(0, SHORT);
    time.pass(Duration.ofMinutes(1));
    assertThat(survey.due(HeapSurvey.CONNECTIONS_WORTH_IT - 1, ALIVE, 0)).isFalse();
    assertThat(survey.due(HeapSurvey.CONNECTIONS_WORTH_IT, ALIVE, 0)).isTrue();
  }

  @Test
  void isDueWhenMuchOfTheHeapIsUnknown() {
    taken(1_000, SHORT);
    time.pass(Duration.ofMinutes(1));
    assertThat(survey.due(1_000, ALIVE, ALIVE / 4 - 1)).isFalse();
    assertThat(survey.due(1_000, ALIVE, ALIVE / 4)).isTrue();
    assertThat(survey.due(1_000, 0, HeapSurvey.BYTES_WORTH_IT - 1)).isFalse();
    assertThat(survey.due(1_000, 0, HeapSurvey.BYTES_WORTH_IT)).isTrue();
  }

  @Test
  void takesAThousandthOfTheTimeAtMost() {
    taken(0, Duration.ofMillis(50));
    time.pass(Duration.ofMillis(49_999));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isFalse();
    time.pass(Duration.ofMillis(1));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isTrue();
  }

  @Test
  void isDueEachTenSecondsAtMost() {
    taken(0, SHORT);
    time.pass(Duration.ofMillis(9_999));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isFalse();
    time.pass(Duration.ofMillis(1));
    assertThat(survey.due(10_000, ALIVE, ALIVE)).isTrue();
  }

  private void taken(int connections, Duration pause) {
    survey.taken(connections, pause.toNanos());
  }
}
