package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final KubernetesClientException why =
      new KubernetesClientException("a webhook refuses it");

  @Test
  void whatIsRefusedAgainAndAgainIsTriedAfterGrowingPauses() {
    Refusals refusals = Refusals.NONE;
    Instant now = NOW;
    for (long pause : new long[] {1000, 1500, 2250, 3375, 5062, 7593, 10_000, 10_000}) {
      refusals = refusals.after(Map.of("chat-a", why), now, now);

      assertThat(refusals.held("chat-a", now.plusMillis(pause - 1))).contains(why);
      now = now.plusMillis(pause + 1);
      assertThat(refusals.held("chat-a", now)).isEmpty();
    }
  }

  @Test
  void nothingIsTriedBeforeTheApiServerSays() {
    assertThat(pause(7)).isEqualTo(Duration.ofSeconds(7));
    assertThat(pause(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pause(86_400)).isEqualTo(Duration.ofMinutes(1));
  }

  private static Duration pause(int retryAfter) {
    var asked = new StatusBuilder().withNewDetails().withRetryAfterSeconds(retryAfter).endDetails();
    var refused = new KubernetesClientException("too many requests", 429, asked.build());
    return Duration.between(
        NOW,
        Objects.requireNonNull(
                Refusals.NONE.after(Map.of("chat-a", refused), NOW, NOW).parts().get("chat-a"))
            .until());
  }

  @Test
  void aRefusalHoldsNothingElse() {
    assertThat(Refusals.NONE.after(Map.of("chat-a", why), NOW, NOW).held("chat-b", NOW)).isEmpty();
  }

  @Test
  void whatWasNotTriedStaysUntilItsTimeAndWhatWasIsLetGo() {
    Refusals refusals = Refusals.NONE.after(Map.of("chat-a", why), NOW, NOW);

    assertThat(refusals.after(Map.of(), NOW.plusMillis(999), NOW.plusMillis(1500)))
        .isEqualTo(refusals);
    assertThat(refusals.after(Map.of(), NOW.plusMillis(1000), NOW.plusMillis(1500)).isEmpty())
        .isTrue();
  }

  @Test
  void aRefusalIsNewOnce() {
    Refusals first = Refusals.NONE.after(Map.of("chat-a", why), NOW, NOW);
    Refusals second =
        first.after(Map.of("chat-a", why, "chat-b", why), NOW.plusSeconds(1), NOW.plusSeconds(1));

    assertThat(first.since(Refusals.NONE)).hasSize(1);
    assertThat(second.since(first)).hasSize(1);
  }
}
