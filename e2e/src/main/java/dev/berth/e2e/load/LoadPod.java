package dev.berth.e2e.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;

/**
 * Runs a {@link Load} in a pod: {@code LoadPod HOST PORT CONTROL_PORT}. On the control port, {@code
 * POST /connections} with a number says how many clients there are to be, and {@code GET /counts}
 * answers what they saw.
 */
public final class LoadPod {
  private LoadPod() {}

  public static void main(String[] args) throws IOException {
    var server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    var load = new Load(server, new Random());
    HttpServer control =
        HttpServer.create(new InetSocketAddress(Integer.parseInt(args[2])), /* backlog= */ 0);
    control.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    control.createContext("/counts", exchange -> answer(exchange, load.counts().text()));
    control.createContext(
        "/connections",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
          load.connections(Integer.parseInt(body.replace("\"", "").strip()));
          answer(exchange, body);
        });
    control.start();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
