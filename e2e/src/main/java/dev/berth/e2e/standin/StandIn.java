package dev.berth.e2e.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Tells on its admin port what it was told to: {@code StandIn ADMIN_PORT}. {@code POST /be} makes
 * it {@code honest} with a number of connections, {@code slow} beyond anybody's patience, {@code
 * garbage}, {@code empty}, or {@code silent}: it ends the connection without an answer. It is ready
 * and alive whatever it tells.
 */
public final class StandIn {
  private static final long SLOW_MILLIS = 5_000;
  private static volatile String[] told = {"honest", "0"};

  private StandIn() {}

  public static void main(String[] args) throws IOException {
    HttpServer admin =
        HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), /* backlog= */ 0);
    admin.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    admin.createContext("/", exchange -> answer(exchange, "ok"));
    admin.createContext("/metrics", StandIn::metrics);
    admin.createContext(
        "/be",
        exchange -> {
          told =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
                  .replace("\"", "")
                  .strip()
                  .split(" ", -1);
          answer(exchange, "ok");
        });
    admin.start();
  }

  private static void metrics(HttpExchange exchange) throws IOException {
    String[] now = told;
    switch (now[0]) {
      case "slow" -> {
        try {
          Thread.sleep(SLOW_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        answer(exchange, honest(0));
      }
      case "garbage" ->
          answer(exchange, "berth_connections{state=\"active\"} NaN\nberth_conn\0\n{{}}");
      case "empty" -> answer(exchange, "");
      case "silent" -> exchange.close();
      default -> answer(exchange, honest(Integer.parseInt(now[1])));
    }
  }

  private static String honest(int connections) {
    return """
    berth_connections{state="new"} 0
    berth_connections{state="active"} 0
    berth_connections{state="idle"} %1$d
    berth_connections{state="hijacked"} 0
    berth_connection_limit 60
    berth_connections_accepted_total %1$d
    berth_connections_rejected_total{reason="limit"} 0
    berth_memory_limit_bytes 134217728
    berth_memory_working_set_bytes %2$d
    berth_memory_live_bytes %2$d
    berth_draining 0
    """
        .formatted(connections, (40L << 20) + connections * 65_536L);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
