package dev.berth.operator.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.berth.operator.AnsweringApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryInUseIT {
  private static final MemoryInUse.Use USED = new MemoryInUse.Bytes(64L << 20);

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong time = new AtomicLong();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean failing;
  private final AnsweringApi api = AnsweringApi.start(this::answer);
  private final MemoryInUse memory = new MemoryInUse(api.client(), time::get);

  MemoryInUseIT() throws IOException {}

  @AfterEach
  void close() {
    gate.countDown();
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.incrementAndGet();
      gate.await();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(failing ? 503 : 200, 0);
      exchange
          .getResponseBody()
          .write(
              """
              {"items":[{"metadata":{"name":"chat-0","namespace":"n"},
                "timestamp":"2026-01-01T00:01:00Z","window":"15s",
                "containers":[{"name":"server","usage":{"memory":"64Mi"}}]}]}
              """
                  .getBytes(UTF_8));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private MemoryInUse.Use use() {
    return memory.of("n", "chat-0", Optional.empty(), Optional.of("server"));
  }

  private void pass(int seconds) {
    time.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void whileOneAsksTheOthersGoByTheLastFigures() {
    assertThat(use()).isEqualTo(USED);
    pass(6);
    gate = new CountDownLatch(1);
    var asking = CompletableFuture.supplyAsync(this::use);
    await().until(() -> asked.get() == 2);

    assertThat(CompletableFuture.supplyAsync(this::use))
        .succeedsWithin(Duration.ofSeconds(5))
        .isEqualTo(USED);

    pass(10);
    gate.countDown();
    assertThat(asking).succeedsWithin(Duration.ofSeconds(5));
    pass(4);
    assertThat(use()).as("as fresh as its end").isEqualTo(USED);
    assertThat(asked).hasValue(2);
  }

  @Test
  void whatFailsIsAskedLaterAndLater() {
    failing = true;
    for (int pause : new int[] {5, 10, 20, 30, 30}) {
      assertThat(use()).isInstanceOf(MemoryInUse.Unknown.class);
      int before = asked.get();
      pass(pause - 1);
      use();
      assertThat(asked).as("%d s after it failed", pause - 1).hasValue(before);
      pass(1);
    }
    failing = false;
    assertThat(use()).isEqualTo(USED);
  }

  @Test
  void figuresOfAPodThatHadTheNameBeforeAreNotThisOnes() {
    assertThat(used("2026-01-01T00:00:45Z")).isEqualTo(USED);
    assertThat(used("2026-01-01T00:00:46Z")).isEqualTo(new MemoryInUse.Unlisted());
  }

  private MemoryInUse.Use used(String made) {
    return memory.of("n", "chat-0", Optional.of(Instant.parse(made)), Optional.of("server"));
  }
}
