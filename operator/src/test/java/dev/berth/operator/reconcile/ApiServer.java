package dev.berth.operator.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.berth.operator.AnsweringApi;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An API server that lists what it is told to, and takes every write without a change of it. A
 * watch tells nothing.
 */
final class ApiServer implements AutoCloseable {
  /** What was asked but lists and watches, as "PATCH /path body". */
  final List<String> written = Collections.synchronizedList(new ArrayList<>());

  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final Map<String, String> items = new ConcurrentHashMap<>();
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
  private final Map<String, Runnable> delays = new ConcurrentHashMap<>();
  private final AnsweringApi api = AnsweringApi.start(this::answer);

  ApiServer() throws IOException {}

  /** Its client, which ends with it. */
  KubernetesClient client() {
    return api.client();
  }

  /** Lists these objects, in JSON, of a kind in the plural. */
  void lists(String kind, String... json) {
    items.put(kind, String.join(",", json));
  }

  /** Answers with this object what is asked at a path that ends so. */
  void answers(String path, String json) {
    objects.put(path, json);
  }

  /** Refuses, with 403, what is asked at a path that ends so. */
  void refuses(String path, String message) {
    refuses(path, HttpURLConnection.HTTP_FORBIDDEN, message);
  }

  /** Has no object of this name of a kind in the plural, at a path that ends so. */
  void hasNo(String path, String kind, String name) {
    refusals.put(
        path,
        new Refusal(
            HttpURLConnection.HTTP_NOT_FOUND,
            """
            {"kind":"Status","apiVersion":"v1","code":404,"message":"not found",
             "reason":"NotFound","details":{"name":"%s","kind":"%s"}}
            """
                .formatted(name, kind),
            "0"));
  }

  /** Serves nothing at a path that ends so, as of a kind whose definition has gone. */
  void servesNo(String path) {
    refusals.put(path, new Refusal(HttpURLConnection.HTTP_NOT_FOUND, "404 page not found", "0"));
  }

  /** Refuses, with this status, what is asked at a path that ends so. */
  void refuses(String path, int status, String message) {
    refusals.put(path, new Refusal(status, body(status, message), "0"));
  }

  /** Refuses, with 429, what is asked at a path that ends so, and says when to ask again. */
  void hasNoTimeFor(String path, String seconds) {
    refusals.put(path, new Refusal(429, body(429, "too many requests"), seconds));
  }

  private static String body(int status, String message) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":%d,\"message\":\"%s\"}"
        .formatted(status, message);
  }

  private record Refusal(int status, String body, String retryAfter) {}

  void allows(String path) {
    refusals.remove(path);
  }

  /** Does this before a write is answered at a path that ends so. */
  void before(String path, Runnable wait) {
    delays.put(path, wait);
  }

  /** What was written at a path that ends so. */
  List<String> written(String path) {
    return List.copyOf(written).stream()
        .filter(each -> each.split(" ", 3)[1].endsWith(path))
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (!exchange.getRequestMethod().equals("GET")) {
        written.add(exchange.getRequestMethod() + " " + path + " " + body);
        at(path, delays).ifPresent(Runnable::run);
      }
      boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
      Optional<Refusal> refusal = at(path, refusals);
      String answer =
          refusal
              .map(Refusal::body)
              .or(() -> watch ? Optional.of("") : at(path, objects))
              .orElseGet(() ->
                  "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}"
                      .formatted(
                          items.getOrDefault(path.substring(path.lastIndexOf('/') + 1), "")));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      refusal.ifPresent(
          each -> exchange.getResponseHeaders().set("Retry-After", each.retryAfter()));
      exchange.sendResponseHeaders(
          refusal.map(Refusal::status).orElse(HttpURLConnection.HTTP_OK), 0);
      exchange.getResponseBody().write(answer.getBytes(UTF_8));
    }
  }

  private static <T> Optional<T> at(String path, Map<String, T> ends) {
    return ends.entrySet().stream()
        .filter(each -> path.endsWith(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  @Override
  public void close() {
    api.close();
  }
}
