package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CadenceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String UID = "6f1c0d5e-0f6b-4a57-9b0e-5d7c1c2b9a10";

  private final Cadence cadence = new Cadence(Duration.ofSeconds(1));

  @Test
  void roundsAreDueAtTheSameMomentOfEachSecondHoweverLongTheyTake() {
    Instant due = NOW.plus(cadence.pause(UID, NOW));

    for (int took : new int[] {1, 80, 400, 970}) {
      assertThat(due.plusMillis(took).plus(cadence.pause(UID, due.plusMillis(took))))
          .isEqualTo(due.plusSeconds(1));
    }
  }

  @Test
  void aRoundThatTookAllOfItsSecondLeavesOneOut() {
    Instant due = NOW.plus(cadence.pause(UID, NOW));

    assertThat(cadence.pause(UID, due.plusMillis(985))).isEqualTo(Duration.ofMillis(1015));
    assertThat(cadence.pause(UID, due.plusMillis(1500))).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void latenessCountsFromTheMomentThatWasDue() {
    assertThat(cadence.late(UID, NOW)).isEqualTo(Duration.ZERO);

    Instant due = NOW.plus(cadence.pause(UID, NOW));

    assertThat(cadence.late(UID, due.plusMillis(7))).isEqualTo(Duration.ofMillis(7));
    assertThat(cadence.late(UID, due.minusMillis(7))).isEqualTo(Duration.ZERO);
  }

  @Test
  void aThousandPoliciesAreSpreadOverTheSecond() {
    long[] pods =
        IntStream.range(0, 1000)
            .mapToLong(
                i -> cadence.pause(new UUID(0x1234_5678, i * 7919L).toString(), NOW).toMillis())
            .toArray();

    int[] tenths = new int[11];
    for (long pause : pods) {
      tenths[(int) (pause / 100)]++;
    }

    assertThat(IntStream.of(tenths).max().orElseThrow()).isLessThan(150);
  }

  @Test
  void aClockThatWentBackMakesNobodyWaitLongerThanASecondAndABit() {
    cadence.pause(UID, NOW);

    assertThat(cadence.pause(UID, NOW.minusSeconds(3600))).isLessThan(Duration.ofMillis(1021));
  }
}
