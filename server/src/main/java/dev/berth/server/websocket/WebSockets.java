package dev.berth.server.websocket;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.ListField;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How WebSockets are accepted: from which pages, with which subprotocols, up to which size of
 * message.
 *
 * <pre>{@code
 * Router.builder()
 *     .get("/echo", WebSockets.DEFAULT.handler(socket -> {
 *       while (socket.receive() instanceof Message.Text(String text)) {
 *         socket.send(text);
 *       }
 *     }))
 * }</pre>
 *
 * <p>What is accepted costs a connection's permit until it is closed, and nothing of the request
 * limit. There are no extensions. Immutable.
 */
public final class WebSockets {
  /**
   * Messages of up to 64 KiB, which is what the limit {@code auto} reckons with; no subprotocol; of
   * browsers, only pages of the same host.
   */
  public static final WebSockets DEFAULT = new WebSockets(List.of(), 64 * 1024, Optional.empty());

  private final List<String> subprotocols;
  private final int maxMessageBytes;
  // Of the same host, if empty.
  private final Optional<Predicate<String>> origins;

  private WebSockets(
      List<String> subprotocols, int maxMessageBytes, Optional<Predicate<String>> origins) {
    this.subprotocols = subprotocols;
    this.maxMessageBytes = maxMessageBytes;
    this.origins = origins;
  }

  /**
   * These, but with subprotocols, of which the first that the client offers is agreed on. With one
   * that offers none of them a conversation goes on without; it may close that.
   *
   * @throws IllegalArgumentException if one can't be sent
   */
  public WebSockets withSubprotocols(String... preferredFirst) {
    for (String name : preferredFirst) {
      if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new IllegalArgumentException("a subprotocol can't be \"" + name + "\"");
      }
    }
    return new WebSockets(List.of(preferredFirst), maxMessageBytes, origins);
  }

  /**
   * These, but with another bound on a message's bytes, all its fragments together. A longer one
   * closes the WebSocket with 1009. Each client can make the server hold as much.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public WebSockets withMaxMessageBytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a message can't have " + bytes + " bytes at most");
    }
    return new WebSockets(subprotocols, bytes, origins);
  }

  /**
   * These, but for pages of other origins, such as {@code https://example.com}: those that the test
   * lets pass, and those alone. Who is no browser sends no origin, and is not asked.
   */
  public WebSockets withOrigins(Predicate<String> allowed) {
    return new WebSockets(subprotocols, maxMessageBytes, Optional.of(allowed));
  }

  /** A handler that accepts each request, for this conversation. */
  public Handler handler(Conversation conversation) {
    return (request, response) -> accept(request, response, conversation);
  }

  /**
   * Accepts a request: answers 101, and the conversation begins when the handler returns. Neither
   * the request nor the response is of use in it, so what it needs of them is to be read before.
   *
   * <p>A request that is none for a WebSocket is answered with 426, as is one of another version
   * than 13; a malformed one with 400; one of a page that may not with 403.
   *
   * @throws IOException if the client can't be reached; to be let through
   */
  public void accept(Request request, Response response, Conversation conversation)
      throws IOException {
    if (!Handshake.isAskedFor(request) || !Handshake.isOfOurVersion(request)) {
      response
          .status(426)
          .header("Upgrade", Handshake.PROTOCOL)
          .header("Sec-WebSocket-Version", Handshake.VERSION)
          .text("here is a WebSocket, of version " + Handshake.VERSION + ", and nothing else\n");
    } else if (!request.method().equals("GET")) {
      response.status(405).header("Allow", "GET").text("a WebSocket is asked for by GET\n");
    } else if (!Handshake.hasKey(request)) {
      response.status(400).text("Sec-WebSocket-Key has to be 16 bytes in Base64, once\n");
    } else if (!isAllowed(request)) {
      response.status(403).text("this page may not open a WebSocket here\n");
    } else {
      agree(request, response, conversation);
    }
  }

  private boolean isAllowed(Request request) {
    List<String> from = request.headers("Origin");
    if (from.isEmpty()) {
      return true;
    }
    return from.size() == 1
        && (origins.isPresent()
            ? origins.get().test(from.getFirst())
            : isOf(from.getFirst(), request.header("Host").orElse("")));
  }

  private static boolean isOf(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private void agree(Request request, Response response, Conversation conversation) {
    List<String> offered = ListField.elements(request.headers("Sec-WebSocket-Protocol")).toList();
    Optional<String> agreed = subprotocols.stream().filter(offered::contains).findFirst();
    agreed.ifPresent(name -> response.header("Sec-WebSocket-Protocol", name));
    response.header("Sec-WebSocket-Accept", Handshake.accept(request));
    response.upgrade(
        Handshake.PROTOCOL,
        new Talk(conversation, request.peer(), agreed.orElse(""), maxMessageBytes));
  }
}
