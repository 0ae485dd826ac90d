package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * Filters: a handler around another one. What comes before {@code handle} is done to the request,
 * what comes after it to an answer that is complete but for its last bytes.
 *
 * <pre>
 * curl -i -H 'Authorization: Bearer secret' localhost:8080
 * </pre>
 */
public final class Filters {
  private static final Logger LOG = System.getLogger(Filters.class.getName());

  private Filters() {}

  static Handler timed(Handler handler) {
    return (request, response) -> {
      long began = System.nanoTime();
      handler.handle(request, response);
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      LOG.log(Level.INFO, request.path() + " " + response.status() + " in " + taken);
    };
  }

  static Handler forBearersOf(String token, Handler handler) {
    byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    return (request, response) -> {
      String given = request.header("Authorization").orElse("");
      // In the same time whatever is given, so that none can be guessed letter by letter.
      if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
        throw new StatusException(403, "this needs its token");
      }
      handler.handle(request, response);
    };
  }

  static Handler uncached(Handler handler) {
    return (request, response) -> {
      // The handler may set another.
      response.header("Cache-Control", "no-store");
      handler.handle(request, response);
    };
  }

  static Server start(int port) throws IOException {
    Handler hello = (request, response) -> response.text("hello\n");
    return Server.builder()
        .listen(new InetSocketAddress(port))
        .handler(timed(uncached(forBearersOf("secret", hello))))
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    start(8080);
  }
}
