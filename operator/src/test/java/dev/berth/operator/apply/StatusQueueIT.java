package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.berth.operator.AnsweringApi;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import dev.berth.operator.policy.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusQueueIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pattern NAME = Pattern.compile(".*/connectionpolicies/([^/]+)/status");
  private static final Pattern REASON = Pattern.compile(".*\"reason\":\"([^\"]+)\".*");
  private static final int AT_ONCE = 8;
  private static final int MANY = 1_000;

  /** What the API server was asked, as "policy reason". */
  private final List<String> written = Collections.synchronizedList(new ArrayList<>());

  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> delays = Collections.synchronizedList(new ArrayList<>());
  private volatile Semaphore gate = new Semaphore(MANY);
  private volatile int answer = 200;
  private AnsweringApi api;
  private StatusQueue queue;

  @BeforeEach
  void open() throws IOException {
    api = AnsweringApi.start(this::answer);
    queue =
        new StatusQueue(
            new StatusWrite(new ApiWrites(api.client())), InstantSource.fixed(NOW), delays::add);
  }

  @AfterEach
  void close() {
    gate.release(MANY);
    queue.close();
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      bodies.add(body);
      written.add(only(NAME, exchange.getRequestURI().getPath()) + " " + only(REASON, body));
      gate.acquire();
      exchange.sendResponseHeaders(answer, 0);
      exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static String only(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.matches()).as("%s in %s", pattern, text).isTrue();
    return found.group(1);
  }

  private static ConnectionPolicy policy(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: ConnectionPolicy
        metadata: {name: %1$s, namespace: n, uid: u-%1$s}
        spec: {scaleTargetRef: {kind: Deployment, name: chat}}
        """
            .formatted(name),
        ConnectionPolicy.class);
  }

  /** With {@code replicas}, a change; but for the reason, figures that moved. */
  private static ConnectionPolicyStatus status(int replicas, String reason) {
    return new ConnectionPolicyStatus(
        1L, replicas, replicas, 100, null, null, null, null, null, reason, List.of(), List.of());
  }

  private void written(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant at) {
    int before = delays.size();
    queue.offer(policy, status, at);
    await().until(() -> delays.size() > before);
  }

  /** One writer is done, and this is what it writes next. */
  private void nextIs(String next) {
    gate.release();
    await().untilAsserted(() -> assertThat(written.getLast()).isEqualTo(next));
  }

  /** Takes all writers until the gate opens. */
  private void occupy() {
    gate = new Semaphore(0);
    IntStream.range(0, AT_ONCE)
        .forEach(each -> queue.offer(policy("busy-" + each), status(1, "busy"), NOW));
    await().until(() -> written.stream().filter(each -> each.startsWith("busy-")).count() == 8);
  }

  @Test
  void aRoundDoesNotWaitForAnApiServerThatDoesNotAnswer() {
    occupy();

    queue.offer(policy("chat"), status(2, "first"), NOW);

    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(written).noneMatch(each -> each.startsWith("chat"));
  }

  @Test
  void ofSeveralStatusesTheNewestIsWrittenAlone() {
    occupy();
    queue.offer(policy("chat"), status(2, "first"), NOW);
    queue.offer(policy("chat"), status(3, "second"), NOW.plusSeconds(1));
    queue.offer(policy("chat"), status(4, "third"), NOW.plusSeconds(2));

    gate.release(MANY);
    queue.close(Duration.ofSeconds(10));

    assertThat(written).filteredOn(each -> each.startsWith("chat")).containsExactly("chat third");
  }

  @Test
  void aStatusThatChangesWhileOneIsUnderWayIsWrittenByTheRoundAfter() {
    gate = new Semaphore(0);
    queue.offer(policy("chat"), status(2, "first"), NOW);
    await().until(() -> written.size() == 1);
    queue.offer(policy("chat"), status(3, "second"), NOW.plusSeconds(1));
    gate.release(MANY);
    await().until(() -> delays.size() == 1);

    written(policy("chat"), status(3, "second"), NOW.plusSeconds(2));

    assertThat(written).containsExactly("chat first", "chat second");
  }

  @Test
  void changesGoBeforeFigures() {
    written(policy("calm"), status(2, "before"), NOW);
    occupy();
    queue.offer(policy("calm"), status(2, "figures"), NOW.plusSeconds(60));
    queue.offer(policy("chat"), status(2, "change"), NOW.plusSeconds(61));

    nextIs("chat change");
    gate.release(MANY);
    queue.close(Duration.ofSeconds(10));

    assertThat(written).containsSubsequence("chat change", "calm figures");
  }

  @Test
  void figuresThatTurnIntoAChangeGoBeforeOtherFigures() {
    written(policy("calm"), status(2, "before"), NOW);
    written(policy("chat"), status(2, "before"), NOW);
    occupy();
    queue.offer(policy("calm"), status(2, "figures"), NOW.plusSeconds(60));
    queue.offer(policy("chat"), status(2, "figures"), NOW.plusSeconds(60));
    queue.offer(policy("chat"), status(3, "change"), NOW.plusSeconds(61));

    nextIs("chat change");
    gate.release(MANY);
    queue.close(Duration.ofSeconds(10));

    assertThat(written).containsSubsequence("chat change", "calm figures");
    assertThat(written).doesNotContain("chat figures").containsOnlyOnce("chat change");
  }

  @Test
  void whatCannotBeWrittenIsTriedAgainFiveSecondsLater() {
    answer = 500;
    queue.offer(policy("chat"), status(2, "first"), NOW);
    await().until(() -> written.size() == 1 && queue.idle());
    answer = 200;
    queue.offer(policy("chat"), status(2, "first"), NOW.plusMillis(4_999));
    assertThat(queue.waiting()).isZero();

    written(policy("chat"), status(2, "first"), NOW.plusSeconds(5));

    assertThat(written).containsExactly("chat first", "chat first");
  }

  @Test
  void podsThatAStatusDoesNotTellStayAsTheyWere() {
    var pod = new PodStatus("chat-a", PodStatus.Phase.SERVING, 7, 100, 100, null, null);
    written(policy("chat"), status(2, "first").withPods(List.of(pod)), NOW);

    written(policy("chat"), status(3, "second").withoutPods(), NOW.plusSeconds(1));

    assertThat(bodies.getLast()).contains("second", "chat-a");
  }

  @Test
  void aPolicyThatIsGoneIsForgotten() {
    written(policy("chat"), status(2, "first"), NOW);
    queue.forget("u-chat");

    written(policy("chat"), status(2, "first"), NOW.plusSeconds(1));

    assertThat(written).containsExactly("chat first", "chat first");
  }

  @Test
  void aClosedQueueTakesNoMore() {
    queue.close(Duration.ofSeconds(1));

    queue.offer(policy("chat"), status(2, "late"), NOW);

    assertThat(queue.waiting()).isZero();
    assertThat(written).isEmpty();
  }
}
