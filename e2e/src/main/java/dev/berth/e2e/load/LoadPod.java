package dev.berth.e2e.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;

/**
 * Runs a {@link Load} in a pod: {@code LoadPod HOST PORT CONTROL_PORT}. On its control port:
 *
 * <table>
 * <tr><td>{@code POST /connections}</td><td>a number of clients, and the milliseconds within which
 *     there are to be so many</td></tr>
 * <tr><td>{@code POST /watch}</td><td>names of pods, each followed by where its metrics are</td></tr>
 * <tr><td>{@code GET /counts}</td><td>what the clients saw</td></tr>
 * <tr><td>{@code GET /recorded}</td><td>what was written down since it was asked last</td></tr>
 * </table>
 */
public final class LoadPod {
  private LoadPod() {}

  public static void main(String[] args) throws IOException {
    var server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    var load = new Load(server, new Random());
    var recorder = new Recorder(load::counts);
    recorder.start();
    HttpServer control =
        HttpServer.create(new InetSocketAddress(Integer.parseInt(args[2])), /* backlog= */ 0);
    control.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    control.createContext("/counts", exchange -> answer(exchange, load.counts().text()));
    control.createContext("/recorded", exchange -> answer(exchange, recorder.take()));
    control.createContext(
        "/connections",
        exchange -> {
          String[] words = words(exchange);
          load.connections(Integer.parseInt(words[0]), Duration.ofMillis(Long.parseLong(words[1])));
          answer(exchange, "");
        });
    control.createContext(
        "/watch",
        exchange -> {
          recorder.watch(addresses(words(exchange)));
          answer(exchange, "");
        });
    control.start();
  }

  private static Map<String, URI> addresses(String[] words) {
    var addresses = new HashMap<String, URI>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      addresses.put(words[i], URI.create(words[i + 1]));
    }
    return addresses;
  }

  /** The words of the body, which may be a JSON string. */
  private static String[] words(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
        .replace("\"", "")
        .strip()
        .split(" ", -1);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
