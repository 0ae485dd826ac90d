package dev.berth.server.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the handler for a method and a path.
 *
 * <pre>{@code
 * Router.builder()
 *     .get("/", home)
 *     .get("/users/{id}", (request, response) -> response.text("user " + request.parameter("id")))
 *     .get("/files/{path...}", download)
 *     .mount("/admin", adminRouter)
 *     .build();
 * }</pre>
 *
 * <p><b>Paths.</b> A segment of a pattern is a literal, {@code {name}} for one segment that is not
 * empty, or, as the last, {@code {name...}} for all that is left, slashes and nothing included.
 * {@code /users} and {@code /users/} are two paths. Segments are compared and parameters given
 * percent-decoded (RFC 3986, 2.1), so that an encoded slash is part of a parameter and parts no
 * segments. What is not percent-encoded UTF-8 is answered with 400, as is a path with a NUL or a
 * segment {@code .} or {@code ..} (no client sends those but to climb out of a folder).
 *
 * <p><b>Precedence.</b> Where several patterns match, the first segment in which they differ
 * decides: a literal goes before a parameter, that before {@code {name...}}, that before a mounted
 * handler; the order in which they were added doesn't matter. A pattern without the request's
 * method is passed over for the next best that has it.
 *
 * <p><b>Methods.</b> A path that no pattern matches gets 404, or the {@linkplain Builder#fallback
 * fallback}; a method that none of its patterns has gets 405 with {@code Allow} (RFC 9110, 15.5.6),
 * or 501 if it is no method of HTTP's and no other path has it either (RFC 9110, 9.1). HEAD is
 * answered by the handler of GET, whose content the server leaves out, and OPTIONS by 204 with
 * {@code Allow}, each unless it has a handler of its own. A mounted router counts the routes that
 * go before it; any other mounted handler answers all methods itself.
 *
 * <p>Immutable. A path without parameters is found by one look-up, and nothing is allocated for it.
 */
public final class Router implements Handler {
  private final RouteTree tree;
  // Those without parameters once more, by path and then method: where one is there, nothing goes
  // before it.
  private final Map<String, Map<String, Handler>> literals;
  private final Handler fallback;

  private Router(RouteTree tree, Map<String, Map<String, Handler>> literals, Handler fallback) {
    this.tree = tree;
    this.literals = literals;
    this.fallback = fallback;
  }

  /** A builder of a router that knows no path yet. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Passes the request on.
   *
   * @throws StatusException 400 if the path is malformed
   */
  @Override
  public void handle(Request request, Response response) throws Exception {
    String path = request.path();
    Handler handler = literals.getOrDefault(path, Map.of()).get(request.method());
    if (handler != null) {
      handler.handle(request, response);
    } else if (path.startsWith("/")) {
      check(path);
      Optional<RouteTree.Match> match = tree.find(path, request.method());
      if (match.isPresent()) {
        RouteTree.Match found = match.get();
        found.target().handler().handle(RoutedRequest.of(request, tree, found), response);
      } else {
        refuse(request, response);
      }
    } else {
      Set<String> methods = new TreeSet<>();
      tree.collectAllMethods(methods);
      tellOptions(methods, response);
    }
  }

  private static void check(String path) {
    String decoded = PercentEncoding.decodePath(path, 0, path.length());
    if (decoded.indexOf('\0') >= 0 || hasDotSegment(decoded)) {
      throw new StatusException(400, "a path can't hold a NUL, or a segment that is . or ..");
    }
  }

  private static boolean hasDotSegment(String path) {
    for (int at = path.indexOf("/."); at >= 0; at = path.indexOf("/.", at + 1)) {
      int dots = path.startsWith("..", at + 1) ? 2 : 1;
      int end = at + 1 + dots;
      if (end == path.length() || path.charAt(end) == '/') {
        return true;
      }
    }
    return false;
  }

  private void refuse(Request request, Response response) throws Exception {
    Set<String> methods = new TreeSet<>();
    tree.collectMethods(request.path(), methods);
    RoutedRequest.forEachAbove(request, (above, path) -> above.collectMethods(path, methods));
    if (methods.isEmpty()) {
      fallback.handle(request, response);
    } else if (request.method().equals("OPTIONS")) {
      tellOptions(methods, response);
    } else {
      String allowed = allow(methods);
      response
          .status(knowsMethod(request) ? 405 : 501)
          .header("Allow", allowed)
          .text(request.path() + " takes " + allowed + ", not " + request.method() + "\n");
    }
  }

  private boolean knowsMethod(Request request) {
    Set<String> methods = new TreeSet<>();
    tree.collectAllMethods(methods);
    RoutedRequest.forEachAbove(request, (above, path) -> above.collectAllMethods(methods));
    return methods.contains(request.method()) || Methods.isKnown(request.method());
  }

  void collectAllMethods(Set<String> methods) {
    tree.collectAllMethods(methods);
  }

  private static void tellOptions(Set<String> methods, Response response) {
    response.status(204).header("Allow", allow(methods));
  }

  private static String allow(Set<String> methods) {
    methods.add("OPTIONS");
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return String.join(", ", methods);
  }

  /** Collects routes. Used by one thread. */
  public static final class Builder {
    private static final Handler NOTHING =
        (request, response) -> response.status(404).text("nothing at " + request.path() + "\n");

    // Checks what is added; each router gets a tree of its own.
    private final RouteTree tree = new RouteTree();
    private final List<Consumer<RouteTree>> added = new ArrayList<>();
    private final Map<String, Map<String, Handler>> literals = new HashMap<>();
    private Optional<Handler> fallback = Optional.empty();

    private Builder() {}

    /** Adds a handler for GET, and for HEAD unless that has one; as {@link #route}. */
    public Builder get(String path, Handler handler) {
      return route("GET", path, handler);
    }

    /** Adds a handler for POST; as {@link #route}. */
    public Builder post(String path, Handler handler) {
      return route("POST", path, handler);
    }

    /** Adds a handler for PUT; as {@link #route}. */
    public Builder put(String path, Handler handler) {
      return route("PUT", path, handler);
    }

    /** Adds a handler for PATCH; as {@link #route}. */
    public Builder patch(String path, Handler handler) {
      return route("PATCH", path, handler);
    }

    /** Adds a handler for DELETE; as {@link #route}. */
    public Builder delete(String path, Handler handler) {
      return route("DELETE", path, handler);
    }

    /**
     * Adds a handler for one method on the paths that a pattern matches.
     *
     * @param path the pattern, decoded: {@code /users/{id}}, {@code /files/{path...}}
     * @throws IllegalArgumentException if the pattern is malformed, the method can't be sent, or
     *     another pattern takes the same paths with that method
     */
    public Builder route(String method, String path, Handler handler) {
      if (!method.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new IllegalArgumentException("a method can't be \"" + method + "\"");
      }
      PathPattern pattern = PathPattern.parse(path);
      add(routes -> routes.add(method, pattern, handler));
      if (pattern.isLiteral()) {
        literals.computeIfAbsent(path, unknown -> new HashMap<>()).put(method, handler);
      }
      return this;
    }

    /**
     * Adds a handler for the prefix and every path beneath it, whatever the method. It sees the
     * path without the prefix: {@code /} for the prefix itself. Parameters of the prefix are there
     * for it and for a router that is mounted.
     *
     * @param prefix a pattern such as {@code /admin} or {@code /tenants/{tenant}}
     * @throws IllegalArgumentException if the prefix is malformed or has been mounted at
     */
    public Builder mount(String prefix, Handler handler) {
      if (prefix.length() > 1 && prefix.endsWith("/")) {
        throw new IllegalArgumentException(
            "a prefix ends without a slash, unlike \"" + prefix + "\"");
      }
      PathPattern pattern = PathPattern.parse(prefix);
      add(routes -> routes.mount(pattern, handler));
      return this;
    }

    /**
     * Sets the handler for paths that nothing matches; unless set they get 404 and a sentence.
     *
     * @throws IllegalArgumentException if there is one already
     */
    public Builder fallback(Handler handler) {
      if (fallback.isPresent()) {
        throw new IllegalArgumentException("there is a fallback already");
      }
      fallback = Optional.of(handler);
      return this;
    }

    private void add(Consumer<RouteTree> route) {
      route.accept(tree);
      added.add(route);
    }

    /** A router of what has been added so far. */
    public Router build() {
      RouteTree own = new RouteTree();
      added.forEach(route -> route.accept(own));
      Map<String, Map<String, Handler>> copy = new HashMap<>();
      literals.forEach((path, methods) -> copy.put(path, Map.copyOf(methods)));
      return new Router(own, Map.copyOf(copy), fallback.orElse(NOTHING));
    }
  }
}
