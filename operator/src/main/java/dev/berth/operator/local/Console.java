package dev.berth.operator.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.server.Server;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.metrics.Exposition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * The fleet in a browser: a page at {@code /}, what it shows at {@code /state.json}, and the
 * policy's metrics at {@code /metrics}; on the project's own server.
 */
final class Console implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final String CONTENT_SECURITY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

  private final Exposition exposition = new Exposition();
  private final PolicyMetrics metrics = new PolicyMetrics(exposition.registry());
  private final LoopMetrics loop = new LoopMetrics(exposition.registry());
  private final ObjectMapper json = new ObjectMapper();
  private final byte[] page = page();
  private final Server server;
  // Written by the loop's thread, read by the connections'.
  private volatile ConsoleState state = ConsoleState.EMPTY;

  Console(InetSocketAddress listen) throws IOException {
    loop.statuses(() -> 0); // each is shown at once
    loop.watch("Pod", () -> true); // its processes
    this.server =
        Server.builder()
            .listen(listen)
            .limit(ConnectionLimit.of(CONNECTIONS))
            .timeouts(Timeouts.DEFAULT.withDrain(Duration.ZERO, Duration.ZERO))
            .handler(
                Router.builder()
                    .get("/", (request, response) -> sendPage(response))
                    .get("/state.json", (request, response) -> response.json(stateAsJson()))
                    .get("/metrics", exposition)
                    .build())
            .start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.address();
  }

  /** Where rounds are told, to be seen at {@code /metrics}. */
  PolicyMetrics metrics() {
    return metrics;
  }

  /** Where it is told how the loop keeps up, to be seen there too. */
  LoopMetrics loop() {
    return loop;
  }

  /** Shows the view from now on. */
  void show(String header, View view) {
    state = state.next(header, view);
  }

  private void sendPage(Response response) throws IOException {
    response
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Content-Security-Policy", CONTENT_SECURITY)
        .body(page);
  }

  private String stateAsJson() throws JsonProcessingException {
    return json.writeValueAsString(state);
  }

  private static byte[] page() {
    try (InputStream in =
        Objects.requireNonNull(
            Console.class.getResourceAsStream("console.html"), "console.html is not in the jar")) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    server.stop();
    exposition.close();
  }
}
