package dev.berth.server.handler;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A request whose path a router has understood; all but that is the request it came as. */
final class RoutedRequest implements Request {
  private final Request request;
  private final RouteTree tree;
  private final RouteTree.Match match;
  private final String path;

  private RoutedRequest(Request request, RouteTree tree, RouteTree.Match match, String path) {
    this.request = request;
    this.tree = tree;
    this.match = match;
    this.path = path;
  }

  /** What a target that was found in a tree gets to see of the request. */
  static Request of(Request request, RouteTree tree, RouteTree.Match match) {
    String path = request.path();
    if (match.rest() > 0) {
      path = match.rest() == path.length() ? "/" : path.substring(match.rest());
    } else if (match.target().names().isEmpty() && !match.target().mounted()) {
      return request;
    }
    return new RoutedRequest(request, tree, match, path);
  }

  /**
   * Shows each router that the handler of a request is mounted in, from the nearest up, as its
   * routes and the path that it saw.
   */
  static void forEachAbove(Request request, BiConsumer<RouteTree, String> action) {
    if (request instanceof RoutedRequest routed && routed.match.target().mounted()) {
      action.accept(routed.tree, routed.request.path());
      forEachAbove(routed.request, action);
    }
  }

  @Override
  public String parameter(String name) {
    int place = match.target().names().indexOf(name);
    return place < 0 ? request.parameter(name) : match.value(place);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public Optional<String> query() {
    return request.query();
  }

  @Override
  public String protocol() {
    return request.protocol();
  }

  @Override
  public Optional<String> header(String name) {
    return request.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers(name);
  }

  @Override
  public void forEachHeader(BiConsumer<? super String, ? super String> action) {
    request.forEachHeader(action);
  }

  @Override
  public InputStream body() {
    return request.body();
  }

  @Override
  public Map<String, List<String>> trailers() {
    return request.trailers();
  }

  @Override
  public InetSocketAddress peer() {
    return request.peer();
  }
}
