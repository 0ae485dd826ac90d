package dev.berth.server.handler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Greets whoever asks, whatever they ask: the smallest handler, and the one to measure the server
 * with.
 */
public final class Hello implements Handler {
  private static final byte[] GREETING = "hello\n".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void handle(Request request, Response response) throws IOException {
    response.header("Content-Type", "text/plain");
    response.body(GREETING);
  }
}
