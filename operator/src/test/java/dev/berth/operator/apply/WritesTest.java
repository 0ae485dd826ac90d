package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WritesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void onePodWithoutAnAnswerKeepsNoOtherFromBeingWrittenAndTwoDo() {
    Refusals one = unanswered("chat-a");
    Refusals two = unanswered("chat-a", "chat-b");

    assertThat(one.held("chat-a", NOW)).isPresent();
    assertThat(one.held(Refusals.PODS, NOW)).isEmpty();
    assertThat(two.held(Refusals.PODS, NOW)).isPresent();
  }

  /** What is refused once none of these pods gave an answer. */
  private static Refusals unanswered(String... pods) {
    try (var writes = new Writes(() -> {}, Refusals.NONE, NOW)) {
      for (String pod : pods) {
        var write =
            writes.begin(
                pod,
                () -> {
                  throw new MergePatch.Unanswered(pod, Duration.ofSeconds(1));
                });
        assertThat(writes.done(write)).isFalse();
      }
      return writes.refusals(NOW);
    }
  }
}
