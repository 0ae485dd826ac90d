package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  @Test
  void whoIsInterruptedBeginsNoWrite() {
    var written = new AtomicInteger();
    try (var writes = new Writes(() -> {}, Refusals.NONE, NOW)) {
      assertThat(writes.done(writes.begin("chat-a", () -> written.incrementAndGet() > 0))).isTrue();
      Thread.currentThread().interrupt();
      assertThat(writes.each(patches(20), (pod, patch) -> written.incrementAndGet() > 0)).isEmpty();
      assertThat(writes.allWent()).isFalse();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(written).hasValue(1);
  }

  @Test
  void afterNoPodHadAnAnswerFewAreTriedAtOnce() {
    var begun = new AtomicInteger();
    var gate = new CompletableFuture<Void>();
    try (var writes = new Writes(() -> {}, unanswered("chat-a", "chat-b"), NOW.plusSeconds(10))) {
      for (int pod = 0; pod < 20; pod++) {
        var _ =
            writes.begin(
                "chat-" + pod,
                () -> {
                  begun.incrementAndGet();
                  gate.join();
                  return true;
                });
      }
      await().until(() -> begun.get() >= Writes.TRIAL);
      await()
          .during(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(begun).hasValue(Writes.TRIAL));
      gate.complete(null);
    }
    assertThat(begun).hasValue(20);
  }

  private static Map<String, PodPatch> patches(int pods) {
    return IntStream.range(0, pods)
        .boxed()
        .collect(Collectors.toMap(pod -> "chat-" + pod, pod -> new PodPatch("uid-" + pod)));
  }

  /** What is refused once none of these pods gave an answer. */
  private static Refusals unanswered(String... pods) {
    try (var writes = new Writes(() -> {}, Refusals.NONE, NOW)) {
      for (String pod : pods) {
        var write =
            writes.begin(
                pod,
                () -> {
                  throw new ApiWrites.Unanswered(pod, Duration.ofSeconds(1));
                });
        assertThat(writes.done(write)).isFalse();
      }
      return writes.refusals(NOW);
    }
  }
}
