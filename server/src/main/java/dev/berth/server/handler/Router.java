package dev.berth.server.handler;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the handler for a path and a method: 404 for a path it does not know, 405 with Allow for a
 * method that the path does not have. Paths match exactly, as sent. HEAD is answered by the handler
 * of GET, whose content the server leaves out. Immutable.
 */
public final class Router implements Handler {
  private final Map<String, Map<String, Handler>> routes;

  private Router(Map<String, Map<String, Handler>> routes) {
    this.routes = routes;
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public void handle(Request request, Response response) throws Exception {
    String path = request.path();
    Map<String, Handler> methods = routes.getOrDefault(path, Map.of());
    String method = request.method();
    Handler handler = methods.get(method.equals("HEAD") ? "GET" : method);
    if (handler != null) {
      handler.handle(request, response);
    } else if (methods.isEmpty()) {
      response.status(404).text("nothing at " + path + "\n");
    } else {
      String allowed = String.join(", ", methods.keySet());
      response
          .status(405)
          .header("Allow", allowed)
          .text(path + " takes " + allowed + ", not " + method + "\n");
    }
  }

  /** Collects routes. Used by one thread. */
  public static final class Builder {
    private final Map<String, Map<String, Handler>> routes = new LinkedHashMap<>();

    private Builder() {}

    public Builder get(String path, Handler handler) {
      return route("GET", path, handler);
    }

    public Builder put(String path, Handler handler) {
      return route("PUT", path, handler);
    }

    public Builder post(String path, Handler handler) {
      return route("POST", path, handler);
    }

    /**
     * Adds a handler for one method on one path; throws {@link IllegalArgumentException} if there
     * is one already.
     */
    public Builder route(String method, String path, Handler handler) {
      Map<String, Handler> methods = routes.computeIfAbsent(path, unknown -> new LinkedHashMap<>());
      if (methods.putIfAbsent(method, handler) != null) {
        throw new IllegalArgumentException(method + " " + path + " has a handler already");
      }
      return this;
    }

    public Router build() {
      Map<String, Map<String, Handler>> copy = new LinkedHashMap<>();
      routes.forEach((path, methods) -> copy.put(path, new LinkedHashMap<>(methods)));
      return new Router(copy);
    }
  }
}
