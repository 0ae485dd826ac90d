package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
  @Test
  void aPermitThatCameBackBeforeTheWaiterCouldBeSeenIsNotMissed() {
    WaitingLine line = new WaitingLine(1, () -> true);
    assertThat(line.await(TimeUnit.SECONDS.toNanos(2))).isEqualTo(Admitted.PERMIT);
    assertThat(line.isEmpty()).isTrue();
  }

  @Test
  void aLineWithoutPlacesRefusesAtOnce() {
    assertThat(new WaitingLine(0, () -> false).await(Long.MAX_VALUE)).isEqualTo(Refused.LIMIT);
  }

  @Test
  void aNegativeLengthIsRefusedWithItsValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WaitingLine(-1, () -> false))
        .withMessageContaining("-1");
  }
}
