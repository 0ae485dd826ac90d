package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpHeaders;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is written to the API server, and which of it has no answer yet. A patch is one call: a JSON
 * merge patch (RFC 7396), or the steps of a JSON patch (RFC 6902); the client's own patch of a text
 * reads the object first. Safe for any number of threads.
 */
public final class ApiWrites {
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json";

  /** Patches that are waited for at once. */
  static final int AT_ONCE = 32;

  /** Patches that have no answer yet, whether or not anybody waits for them. */
  static final int UNDER_WAY = 80;

  // How long one is waited for; the client gives up before
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  // What has no answer by then, has none any more
  private static final Duration LONGEST = PATIENCE.plusSeconds(5);

  private final KubernetesClient client;
  private final BooleanSupplier leading;
  // Fair: a policy of many pods keeps no other waiting for all of them
  private final Semaphore free = new Semaphore(AT_ONCE, true);
  private final Semaphore underWay = new Semaphore(UNDER_WAY);
  // of writes of another form: each is a round's own, which waits for it, so that rounds bound them
  private final Semaphore others = new Semaphore(Integer.MAX_VALUE);
  // paths of patches that were left to themselves and have no answer yet
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

  /** Patches sent with {@code client}, at any time. */
  public ApiWrites(KubernetesClient client) {
    this(client, () -> true);
  }

  /**
   * Patches sent with {@code client}.
   *
   * @param leading false once this operator has lost its lead, and writes nothing more
   */
  public ApiWrites(KubernetesClient client, BooleanSupplier leading) {
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

  /** A patch had no answer for as long as it was waited for, and was left to itself. */
  static final class Unanswered extends KubernetesClientException {
    private static final long serialVersionUID = 1;

    Unanswered(String path, Duration patience) {
      super(
          "PATCH %s: no answer yet after %d ms".formatted(path, patience.toMillis()),
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          null);
    }
  }

  /**
   * Patches what is at {@code path}, of the API server's own.
   *
   * @return the object as it is then, of which only the metadata; absent if there is none
   * @throws KubernetesClientException if the API server can't be asked, or refuses
   */
  Optional<String> send(String path, JsonNode patch) {
    return send(path, patch, PATIENCE, object -> {});
  }

  /**
   * The same with the steps of a JSON patch (RFC 6902), of which all are made or none.
   *
   * @throws KubernetesClientException if the API server can't be asked, or refuses
   */
  Optional<String> sendSteps(String path, JsonNode steps) {
    return send(path, JSON_PATCH, steps, PATIENCE, object -> {});
  }

  /**
   * The same, but waits no longer than {@code patience} once it is sent. It is left to itself then,
   * and nothing else is sent to {@code path} until it has come to its end.
   *
   * @param late takes the object if it comes later
   * @throws Unanswered if it was left to itself
   */
  Optional<String> send(String path, JsonNode patch, Duration patience, Consumer<String> late) {
    return send(path, MERGE_PATCH, patch, patience, late);
  }

  private Optional<String> send(
      String path, String type, JsonNode patch, Duration patience, Consumer<String> late) {
    if (unanswered.contains(path)) {
      throw new KubernetesClientException(
          "PATCH %s: the one before has no answer yet".formatted(path),
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          null);
    }
    try {
      free.acquire();
      try {
        check();
        return waited(path, sent(path, type, patch), patience, late);
      } finally {
        free.release();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("PATCH " + path, ended);
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> sent(String path, String type, JsonNode patch) {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString()).resolve(path))
            .header("Accept", METADATA)
            .patch(type, client.getKubernetesSerialization().asJson(patch))
            .build();
    return begun(underWay, "PATCH " + path, () -> http.sendAsync(request, byte[].class));
  }

  /** Begins a write, which is under way until its answer. */
  private static <T> CompletableFuture<T> begun(
      Semaphore places, String what, Supplier<CompletableFuture<T>> write) {
    if (!places.tryAcquire()) {
      throw new KubernetesClientException(
          "%s: too many writes before it have no answer yet".formatted(what),
          HttpURLConnection.HTTP_UNAVAILABLE,
          null);
    }
    CompletableFuture<T> answer;
    try {
      answer = write.get();
    } catch (RuntimeException failure) {
      places.release();
      throw failure;
    }
    var _ =
        answer
            .copy()
            .orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((told, failure) -> {
              answer.cancel(true);
              places.release();
            });
    return answer;
  }

  /**
   * Makes a write of another form, and waits for it. Who is interrupted meanwhile leaves it to
   * itself.
   *
   * @throws KubernetesClientException if the API server can't be asked, or refuses
   */
  <T> T write(String what, Supplier<T> write) {
    check();
    try {
      return begun(
              others, what, () -> CompletableFuture.supplyAsync(write, Thread::startVirtualThread))
          .get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof KubernetesClientException refused
          ? refused
          : new KubernetesClientException(
              what, Objects.requireNonNullElse(failure.getCause(), failure));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException(what, ended);
    }
  }

  /**
   * Waits up to {@code patience} until nothing is under way, also of what nobody waits for any
   * more. Returns whether nothing is: then nothing begins from then on.
   */
  public boolean close(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      if (!underWay.tryAcquire(UNDER_WAY, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      if (others.tryAcquire(Integer.MAX_VALUE, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return true;
      }
      underWay.release(UNDER_WAY);
      return false;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<String> waited(
      String path,
      CompletableFuture<HttpResponse<byte[]>> answer,
      Duration patience,
      Consumer<String> late)
      throws InterruptedException {
    try {
      return object(path, answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException failure) {
      throw new KubernetesClientException(
          "PATCH " + path, Objects.requireNonNullElse(failure.getCause(), failure));
    } catch (TimeoutException slow) {
      unanswered.add(path);
      var _ =
          answer
              .thenAccept(each -> object(path, each).ifPresent(late))
              .whenComplete((told, failure) -> unanswered.remove(path));
      throw new Unanswered(path, patience);
    }
  }

  /** What is told of the object; absent if there is none. */
  private Optional<String> object(String path, HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.code() == HttpURLConnection.HTTP_NOT_FOUND) {
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
