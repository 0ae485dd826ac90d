package dev.berth.server.handler;

import java.io.IOException;
import java.util.Set;

/** What a resource says to a method that it doesn't take (RFC 9110, 9.1 and 15.5.6). */
final class Methods {
  // Of RFC 9110, 9.3, and of RFC 5789.
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private Methods() {}

  static boolean isKnown(String method) {
    return KNOWN.contains(method);
  }

  /**
   * Answers a request for a resource that takes only the methods {@code allowed}, listed as Allow
   * lists them: OPTIONS by telling them, another by 405, or by 501 if it is no method that anybody
   * has heard of.
   */
  static void refuse(Request request, Response response, String allowed) throws IOException {
    String method = request.method();
    response.header("Allow", allowed);
    if (method.equals("OPTIONS")) {
      response.status(204);
    } else if (isKnown(method)) {
      response.status(405).text("this takes " + allowed + ", not " + method + "\n");
    } else {
      response.status(501).text("this server knows no method " + method + "\n");
    }
  }
}
