package dev.berth.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.berth.operator.AnsweringApi;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventsIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pattern NOTE = Pattern.compile("\"note\":\"([^\"]+)\"");
  private static final ConnectionPolicy POLICY =
      Serialization.unmarshal(
          """
          apiVersion: berth.dev/v1alpha1
          kind: ConnectionPolicy
          metadata: {name: chat, namespace: n, uid: u1}
          spec: {scaleTargetRef: {kind: Deployment, name: chat}}
          """,
          ConnectionPolicy.class);

  private final List<String> written = Collections.synchronizedList(new ArrayList<>());
  private final List<String> methods = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch gate = new CountDownLatch(1);
  private AnsweringApi api;
  private Events events;

  @BeforeEach
  void open() throws IOException {
    api = AnsweringApi.start(this::answer);
    events = new Events(api.client(), new ApiWrites(api.client()), "operator-a");
  }

  @AfterEach
  void close() {
    gate.countDown();
    events.close();
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      gate.await();
      methods.add(exchange.getRequestMethod());
      Matcher note = NOTE.matcher(body);
      written.add(note.find() ? note.group(1) : body);
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRoundDoesNotWaitForItsEventsWhichKeepTheirOrder() {
    events.tell(POLICY, new Event(Event.Kind.LIMIT_CHANGED, "first"), NOW);
    events.tell(POLICY, new Event(Event.Kind.SCALED, "second"), NOW);
    events.tell(POLICY, new Event(Event.Kind.LIMIT_CHANGED, "third"), NOW);
    assertThat(written).isEmpty();

    gate.countDown();
    events.close(Duration.ofSeconds(10));

    assertThat(written).containsExactly("first", "second", "third");
  }

  @Test
  void anEventToldAgainIsCountedWithoutBeingRead() {
    gate.countDown();
    events.tell(POLICY, new Event(Event.Kind.SCALED, "same"), NOW);
    events.tell(POLICY, new Event(Event.Kind.SCALED, "same"), NOW.plusSeconds(1));
    events.close(Duration.ofSeconds(10));

    // The operator may create and patch events, and not get them
    assertThat(methods).containsExactly("POST", "PATCH");
    assertThat(written.getLast()).contains("\"count\":2");
  }
}
