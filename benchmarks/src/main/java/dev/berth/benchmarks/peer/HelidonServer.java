package dev.berth.benchmarks.peer;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Helidon: a virtual thread for each connection. Arguments: the port, a number that is the JVM's to
 * heed, hello or echo.
 */
public final class HelidonServer {
  private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

  private HelidonServer() {}

  public static void main(String[] arguments) {
    Handler handler =
        switch (Service.of(arguments[2])) {
          case HELLO ->
              (request, response) -> {
                response.header(HeaderNames.CONTENT_TYPE, "text/plain");
                response.send(HELLO);
              };
          case ECHO ->
              (request, response) -> {
                response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
                response.send(request.content().as(byte[].class));
              };
        };
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(arguments[0]))
        .backlog(4096)
        .idleConnectionTimeout(Duration.ofMinutes(10))
        .routing(routing -> routing.any(handler))
        .build()
        .start();
  }
}
