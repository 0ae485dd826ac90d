package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpHeaders;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A JSON merge patch (RFC 7396) as one call of the API server: the client's own patch of a text
 * reads the object first. Safe for any number of threads.
 */
public final class MergePatch {
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json";
  private static final int NOT_FOUND = 404;

  /** Patches that are under way at once. */
  static final int AT_ONCE = 32;

  private static final int PATIENCE_SECONDS = 15;

  private final KubernetesClient client;
  private final BooleanSupplier leading;
  // Fair: a policy of many pods keeps no other waiting for all of them
  private final Semaphore free = new Semaphore(AT_ONCE, true);

  /** Patches sent with {@code client}, at any time. */
  public MergePatch(KubernetesClient client) {
    this(client, () -> true);
  }

  /**
   * Patches sent with {@code client}.
   *
   * @param leading false once this operator has lost its lead, and writes nothing more
   */
  public MergePatch(KubernetesClient client, BooleanSupplier leading) {
    this.client = client;
    this.leading = leading;
  }

  /**
   * Makes sure that this thread may still write.
   *
   * @throws KubernetesClientException if it is to end, or another operator leads
   */
  void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new KubernetesClientException("nothing more is written: the operator is to end");
    }
    if (!leading.getAsBoolean()) {
      throw new KubernetesClientException("nothing more is written: another operator leads");
    }
  }

  /**
   * Patches what is at {@code path}, of the API server's own.
   *
   * @return the object as it is then, of which only the metadata; absent if there is none
   * @throws KubernetesClientException if the API server can't be asked, or refuses
   */
  Optional<String> send(String path, JsonNode patch) {
    HttpResponse<byte[]> answer;
    try {
      free.acquire();
      try {
        check();
        answer = answer(path, patch);
      } finally {
        free.release();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("PATCH " + path, ended);
    }
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.code() == NOT_FOUND) {
      return Optional.empty();
    }
    if (!answer.isSuccessful()) {
      throw new KubernetesClientException(
          "PATCH %s: %d %s".formatted(path, answer.code(), reason(body)),
          answer.code(),
          new StatusBuilder()
              .withNewDetails()
              .withRetryAfterSeconds(retryAfter(answer))
              .endDetails()
              .build());
    }
    return Optional.of(body);
  }

  private HttpResponse<byte[]> answer(String path, JsonNode patch) throws InterruptedException {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString()).resolve(path))
            .header("Accept", METADATA)
            .patch(
                "application/merge-patch+json", client.getKubernetesSerialization().asJson(patch))
            .build();
    var answer = http.sendAsync(request, byte[].class);
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new KubernetesClientException(
          "PATCH " + path, Optional.<Throwable>ofNullable(failure.getCause()).orElse(failure));
    } finally {
      // Nobody waits for it any more
      answer.cancel(true);
    }
  }

  /** The seconds that the API server asks to be left alone for (RFC 9110, section 10.2.3). */
  private static int retryAfter(HttpHeaders answer) {
    return answer.headers("Retry-After").stream()
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  /** What the API server tells, in its own words where it uses its own form. */
  private String reason(String body) {
    try {
      return String.valueOf(
          client.getKubernetesSerialization().unmarshal(body, Status.class).getMessage());
    } catch (KubernetesClientException another) {
      return body;
    }
  }
}
