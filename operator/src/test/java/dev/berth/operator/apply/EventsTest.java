package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void anEventIsNamedAfterItsPolicy() {
    assertThat(Events.name("chat", NOW, 0x1002)).matches("chat\\.[0-9a-f]{11}002");
  }

  @Test
  void theLongestNameOfAPolicyLeavesRoomForTheEventsOwn() {
    for (int dash = 230; dash < 253; dash++) {
      String policy = "a".repeat(dash) + "-" + "b".repeat(252 - dash);

      assertThat(Events.name(policy, NOW, 1))
          .hasSizeLessThanOrEqualTo(253)
          .matches("a+(-b*)?[ab]\\.[0-9a-f]{14}|a+\\.[0-9a-f]{14}");
    }
  }
}
