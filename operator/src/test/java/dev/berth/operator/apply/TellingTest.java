package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.apply.Telling.How;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TellingTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theSameMessageCountsUp() {
    Telling first = Telling.nothing(NOW).next("1 → 2", NOW).named("chat.1");
    Telling second = first.next("1 → 2", NOW.plusSeconds(60));

    assertThat(first.how()).isEqualTo(How.NEW);
    assertThat(second.how()).isEqualTo(How.AGAIN);
    assertThat(second.name()).isEqualTo("chat.1");
    assertThat(second.count()).isEqualTo(2);
  }

  @Test
  void anotherMessageOrOneMuchLaterIsAnEventOfItsOwn() {
    Telling first = Telling.nothing(NOW).next("1 → 2", NOW).named("chat.1");

    assertThat(first.next("2 → 3", NOW).how()).isEqualTo(How.NEW);
    assertThat(first.next("1 → 2", NOW.plusSeconds(360)).how()).isEqualTo(How.NEW);
  }

  @Test
  void anEventThatWasNeverWrittenIsNotCountedUp() {
    assertThat(Telling.nothing(NOW).next("1 → 2", NOW).next("1 → 2", NOW).how()).isEqualTo(How.NEW);
  }

  @Test
  void aFloodIsHeldBackAndThenLetThroughSlowly() {
    Telling telling = Telling.nothing(NOW);
    for (int i = 0; i < Telling.BURST; i++) {
      telling = telling.next("message " + i, NOW);
      assertThat(telling.how()).isEqualTo(How.NEW);
    }

    telling = telling.next("one too many", NOW);
    assertThat(telling.how()).isEqualTo(How.HELD_BACK);
    telling = telling.next("too soon", NOW.plusSeconds(15));
    assertThat(telling.how()).isEqualTo(How.HELD_BACK);
    assertThat(telling.next("in time", NOW.plusSeconds(31)).how()).isEqualTo(How.NEW);
  }
}
