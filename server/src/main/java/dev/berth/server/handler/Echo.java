package dev.berth.server.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Sends a request's content back as it comes, without holding more than a buffer of it; asked to
 * upgrade to {@code echo}, sends back every byte until the client ends.
 */
public final class Echo implements Handler {
  private static final String PROTOCOL = "echo";

  @Override
  public void handle(Request request, Response response) throws IOException {
    if (request.asksToUpgradeTo(PROTOCOL)) {
      response.upgrade(PROTOCOL, Echo::copy);
      return;
    }
    switch (request.method()) {
      case "GET", "HEAD", "POST", "PUT", "PATCH" -> echo(request, response);
      default -> Methods.refuse(request, response, "GET, HEAD, POST, PUT, PATCH, OPTIONS");
    }
  }

  private static void echo(Request request, Response response) throws IOException {
    response.header(
        "Content-Type", request.header("Content-Type").orElse("application/octet-stream"));
    // What comes with a length goes back with it, not in chunks.
    request.header("Content-Length").ifPresent(length -> response.header("Content-Length", length));
    copy(request.body(), response.stream());
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    in.transferTo(out);
  }
}
