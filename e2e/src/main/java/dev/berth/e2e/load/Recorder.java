package dev.berth.e2e.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Writes down twice a second what the clients have seen, and what the metrics of the pods say whose
 * addresses it was told: from within the cluster, where that takes a millisecond. A pod that
 * doesn't answer has no line.
 */
final class Recorder {
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int HTTP_OK = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Supplier<Counts> counts;
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .executor(threads)
          .build();
  private volatile Map<String, URI> pods = Map.of();

  Recorder(Supplier<Counts> counts) {
    this.counts = counts;
  }

  /** Writes until the process ends. */
  void start() {
    threads.execute(() -> {
      while (true) {
        look();
        LockSupport.parkNanos(PERIOD.toNanos());
      }
    });
  }

  /** The pods to look at from now on, by name. */
  void watch(Map<String, URI> metrics) {
    pods = Map.copyOf(metrics);
  }

  /** All lines that were written since this was asked last; see {@link Recorded}. */
  String take() {
    var text = new StringBuilder();
    for (String line = lines.poll(); line != null; line = lines.poll()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private void look() {
    lines.add(Recorded.Clients.of(System.currentTimeMillis(), counts.get()).line());
    pods.forEach((pod, metrics) -> threads.execute(() -> look(pod, metrics)));
  }

  private void look(String pod, URI metrics) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(metrics).timeout(PATIENCE).build(), BodyHandlers.ofString());
      if (response.statusCode() == HTTP_OK) {
        lines.add(Recorded.Pod.of(System.currentTimeMillis(), pod, response.body()).line());
      }
    } catch (IOException away) {
      // not there yet, or not there any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
