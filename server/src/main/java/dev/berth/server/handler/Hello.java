package dev.berth.server.handler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Greets whoever asks by GET or HEAD, and those who POST once they have said it all: the smallest
 * handler, and the one to measure the server with.
 */
public final class Hello implements Handler {
  private static final byte[] GREETING = "hello\n".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void handle(Request request, Response response) throws IOException {
    switch (request.method()) {
      case "GET", "HEAD" -> greet(response);
      case "POST" -> {
        request.body().skip(Long.MAX_VALUE);
        greet(response);
      }
      default -> Methods.refuse(request, response, "GET, HEAD, POST, OPTIONS");
    }
  }

  private static void greet(Response response) throws IOException {
    response.header("Content-Type", "text/plain");
    response.body(GREETING);
  }
}
