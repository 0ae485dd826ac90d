package dev.berth.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiWritesIT {
  private static final JsonNode PATCH = JsonNodeFactory.instance.objectNode().put("a", 1);

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer api;
  private KubernetesClient client;

  @BeforeEach
  void open() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    api.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(
                        "http://127.0.0.1:%d/clusters/one".formatted(api.getAddress().getPort()))
                    .build())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  @AfterEach
  void close() {
    client.close();
    api.stop(0);
  }

  private void answers(int status, String body) {
    api.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            asked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
            asked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Accept")));
            asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          }
        });
  }

  @Test
  void aPatchIsOneCallThatWantsMetadataAlone() {
    answers(200, "{}");

    assertThat(new ApiWrites(client).send("api/v1/namespaces/shop/pods/chat", PATCH))
        .contains("{}");

    assertThat(asked).hasSize(4);
    assertThat(asked.getFirst()).isEqualTo("PATCH /clusters/one/api/v1/namespaces/shop/pods/chat");
    assertThat(asked.get(1)).startsWith("application/merge-patch+json");
    assertThat(asked.get(2)).startsWith("application/json;as=PartialObjectMetadata");
    assertThat(asked.get(3)).isEqualTo("{\"a\":1}");
  }

  @Test
  void anObjectThatIsGoneIsNoFailure() {
    answers(404, "{}");

    assertThat(new ApiWrites(client).send("api/v1/namespaces/shop/pods/chat", PATCH)).isEmpty();
  }

  @Test
  void nothingIsSentOnceAnotherOperatorLeads() {
    answers(200, "{}");

    assertThatThrownBy(() -> new ApiWrites(client, () -> false).send("api/v1/pods", PATCH))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("another operator leads");

    assertThat(asked).isEmpty();
  }

  @Test
  void nothingIsSentByAThreadThatIsToEnd() {
    answers(200, "{}");

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new ApiWrites(client).send("api/v1/pods", PATCH))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void aRefusalIsToldInTheApiServersWords() {
    answers(403, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"pods is forbidden\"}");

    assertThatThrownBy(() -> new ApiWrites(client).send("api/v1/pods", PATCH))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessage("PATCH api/v1/pods: 403 pods is forbidden");
  }

  @Test
  void onlySoManyAreUnderWayThoughNobodyWaitsForThemAnyMore() {
    var gate = new CountDownLatch(1);
    hangs(gate);
    var patches = new ApiWrites(client);

    for (int pod = 0; pod < ApiWrites.UNDER_WAY; pod++) {
      assertThatThrownBy(left(patches, pod)).isInstanceOf(ApiWrites.Unanswered.class);
    }
    for (int pod = 0; pod < 20; pod++) {
      assertThatThrownBy(left(patches, ApiWrites.UNDER_WAY + pod))
          .isNotInstanceOf(ApiWrites.Unanswered.class)
          .hasMessageContaining("have no answer yet");
    }

    gate.countDown();
    await().ignoreExceptions().until(() -> patches.send("api/v1/pods/last", PATCH).isPresent());
    assertThat(asked).hasSize(ApiWrites.UNDER_WAY + 1);
  }

  @Test
  void whoeverClosesWaitsForThoseThatNobodyWaitsForAnyMore() {
    var gate = new CountDownLatch(1);
    hangs(gate);
    var patches = new ApiWrites(client);
    assertThatThrownBy(left(patches, 1)).isInstanceOf(ApiWrites.Unanswered.class);

    assertThat(patches.close(Duration.ofMillis(10))).isFalse();
    gate.countDown();
    assertThat(patches.close(Duration.ofSeconds(10))).isTrue();

    assertThatThrownBy(() -> patches.send("api/v1/pods/late", PATCH))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(asked).containsExactly("/clusters/one/api/v1/pods/1");
  }

  @Test
  void aPatchWhoseThreadIsToEndIsUnderWayUntilItsAnswer() throws InterruptedException {
    var gate = new CountDownLatch(1);
    hangs(gate);
    var patches = new ApiWrites(client);
    Thread sender =
        Thread.startVirtualThread(() ->
            assertThatThrownBy(() -> patches.send("api/v1/pods/1", PATCH))
                .isInstanceOf(KubernetesClientException.class));
    await().until(() -> !asked.isEmpty());

    sender.interrupt();
    sender.join();

    assertThat(patches.close(Duration.ofMillis(10))).isFalse();
    gate.countDown();
    assertThat(patches.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aWriteOfAnotherFormIsUnderWayUntilItsAnswerToo() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var gate = new CompletableFuture<String>();
    var patches = new ApiWrites(client);
    Thread writer =
        Thread.startVirtualThread(() ->
            assertThatThrownBy(() ->
                    patches.write(
                        "scale",
                        () -> {
                          begun.countDown();
                          return gate.join();
                        }))
                .isInstanceOf(KubernetesClientException.class));
    begun.await();

    writer.interrupt();
    writer.join();

    assertThat(patches.close(Duration.ofMillis(10))).isFalse();
    gate.complete("done");
    assertThat(patches.close(Duration.ofSeconds(10))).isTrue();
  }

  private static ThrowingCallable left(ApiWrites patches, int pod) {
    return () -> patches.send("api/v1/pods/" + pod, PATCH, Duration.ofMillis(5), object -> {});
  }

  /** Tells the paths that are asked, and answers none before the gate opens. */
  private void hangs(CountDownLatch gate) {
    api.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            gate.await();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
