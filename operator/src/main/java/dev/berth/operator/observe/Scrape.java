package dev.berth.operator.observe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks pods for their metrics over HTTP/1.1, on connections that are kept open from one time to the
 * next. An answer is whole within the deadline (500 ms unless told otherwise) and no larger than
 * {@value #LARGEST_ANSWER} bytes, or it is a failure with its reason.
 *
 * <p>Safe for any number of threads; the caller's, best a virtual one, waits for the answer.
 */
public final class Scrape implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final int LARGEST_ANSWER = 4 << 20;
  private static final int AT_ONCE = 256;
  private static final String ACCEPTED = "text/plain;version=0.0.4, */*;q=0.1";

  private final Duration deadline;
  private final HttpClient client;
  private final Semaphore free = new Semaphore(AT_ONCE);

  /** A scrape with the deadline of 500 ms. */
  public Scrape() {
    this(DEADLINE);
  }

  /** A scrape that waits up to {@code deadline} for an answer. */
  public Scrape(Duration deadline) {
    this.deadline = deadline;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(deadline)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** What came of asking a pod. */
  public sealed interface Outcome permits Answered, Failed {}

  /** The pod answered. */
  public record Answered(Reading reading) implements Outcome {}

  /** The pod didn't answer, or not with its metrics. {@code why} is a short sentence for people. */
  public record Failed(String why) implements Outcome {}

  /**
   * Asks the pod whose metrics are at {@code metrics}, and waits for the answer up to the deadline,
   * which starts once fewer than {@value #AT_ONCE} are being asked.
   */
  public Outcome read(URI metrics) {
    free.acquireUninterruptibly();
    try {
      return answer(metrics);
    } finally {
      free.release();
    }
  }

  /** Asks several pods at once, by name. */
  public Map<String, Outcome> readAll(Map<String, URI> pods) {
    var outcomes = new ConcurrentHashMap<String, Outcome>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      pods.forEach((name, uri) -> threads.execute(() -> outcomes.put(name, read(uri))));
    }
    return Map.copyOf(outcomes);
  }

  private Outcome answer(URI metrics) {
    var request =
        HttpRequest.newBuilder(metrics).header("Accept", ACCEPTED).timeout(deadline).build();
    var answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
    try {
      return outcome(answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      answer.cancel(true);
      return new Failed(noAnswer());
    } catch (ExecutionException failure) {
      return new Failed(sentence(Optional.ofNullable(failure.getCause()).orElse(failure)));
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Failed("interrupted while waiting for an answer");
    }
  }

  private static Outcome outcome(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 200
        ? MetricsText.read(answer.body())
        : new Failed("answered with status " + answer.statusCode());
  }

  private String noAnswer() {
    return "no answer in %d ms".formatted(deadline.toMillis());
  }

  private String sentence(Throwable failure) {
    return switch (failure) {
      case HttpTimeoutException late -> noAnswer();
      case ConnectException unnamed when unnamed.getCause() instanceof UnresolvedAddressException ->
          "the host's name has no address";
      case ConnectException refused when refused.getMessage() == null -> "connection refused";
      case IOException io when io.getMessage() != null -> lowerFirst(io.getMessage());
      default -> failure.toString();
    };
  }

  private static String lowerFirst(String message) {
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  /** Closes the connections. What is being asked ends within its deadline. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
