package dev.berth.server.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes by the segments of their paths: each node is a place between two slashes. Filled by one
 * thread, and then only read.
 *
 * <p>A search tries the literal child first, then the parameter, then what takes the rest, then the
 * mounted handler; and goes back where that leads nowhere. Each node stands for one place of the
 * path, so no search visits one twice.
 */
final class RouteTree {
  /**
   * Where a request goes.
   *
   * @param mounted whether it takes all methods and what is beneath the pattern
   */
  record Target(PathPattern pattern, List<String> names, Handler handler, boolean mounted) {
    Target(PathPattern pattern, Handler handler, boolean mounted) {
      this(pattern, pattern.names(), handler, mounted);
    }
  }

  /** What a search found. */
  static final class Match {
    private final Target target;
    private final String[] values;
    private final int rest;

    private Match(Target target, int parameters, int rest) {
      this.target = target;
      this.values = new String[parameters];
      this.rest = rest;
    }

    Target target() {
      return target;
    }

    /** The value of the target's parameter at that place. */
    String value(int parameter) {
      return values[parameter];
    }

    /** Where the part of the path begins that a mounted handler is to see; 0 if all. */
    int rest() {
      return rest;
    }
  }

  private record Literal(String text, RouteTree node) {}

  private final List<Literal> literals = new ArrayList<>();
  private final Map<String, Target> here = new LinkedHashMap<>();
  private final Map<String, Target> rest = new LinkedHashMap<>();
  private @Nullable RouteTree parameter;
  private @Nullable Target mounted;

  /** Adds a route; throws {@link IllegalArgumentException} if another has the same paths. */
  void add(String method, PathPattern pattern, Handler handler) {
    boolean takesRest = pattern.segments().getLast() instanceof PathPattern.Rest;
    RouteTree node = node(pattern);
    Target before =
        (takesRest ? node.rest : node.here)
            .putIfAbsent(method, new Target(pattern, handler, false));
    if (before != null) {
      throw new IllegalArgumentException(
          before.pattern().equals(pattern)
              ? method + " " + pattern + " has a handler already"
              : "%s %s has a handler already: %s takes the same paths"
                  .formatted(method, pattern, before.pattern()));
    }
  }

  /** Adds a handler for the prefix and all beneath it. */
  void mount(PathPattern prefix, Handler handler) {
    if (prefix.segments().getLast() instanceof PathPattern.Rest) {
      throw new IllegalArgumentException(
          "a handler is mounted at " + prefix + " without {...}: it gets the rest anyway");
    }
    RouteTree node = prefix.text().equals("/") ? this : node(prefix);
    if (node.mounted != null) {
      throw new IllegalArgumentException("something is mounted at " + prefix + " already");
    }
    node.mounted = new Target(prefix, handler, true);
  }

  private RouteTree node(PathPattern pattern) {
    RouteTree node = this;
    for (PathPattern.Segment segment : pattern.segments()) {
      node =
          switch (segment) {
            case PathPattern.Literal literal -> node.literal(literal.text());
            case PathPattern.Parameter _ -> node.parameter();
            case PathPattern.Rest _ -> node;
          };
    }
    return node;
  }

  private RouteTree literal(String text) {
    for (Literal literal : literals) {
      if (literal.text().equals(text)) {
        return literal.node();
      }
    }
    RouteTree node = new RouteTree();
    literals.add(new Literal(text, node));
    return node;
  }

  private RouteTree parameter() {
    RouteTree node = parameter;
    if (node == null) {
      node = new RouteTree();
      parameter = node;
    }
    return node;
  }

  /** The best target for the method, which is an absolute path's. */
  Optional<Match> find(String path, String method) {
    return Optional.ofNullable(find(path, 0, 0, method));
  }

  // The segment to look at follows the slash at that place; at the path's end there is none.
  private @Nullable Match find(String path, int slash, int parameters, String method) {
    if (slash == path.length()) {
      Target target = target(here, method);
      return target == null ? mount(slash, parameters) : match(target, parameters, 0);
    }
    int from = slash + 1;
    int to = segmentEnd(path, from);
    RouteTree next = child(path, from, to);
    Match match = next == null ? null : next.find(path, to, parameters, method);
    if (match == null && parameter != null && to > from) {
      match =
          withValue(parameter.find(path, to, parameters + 1, method), path, from, to, parameters);
    }
    if (match == null) {
      Target target = target(rest, method);
      match =
          target == null
              ? mount(slash, parameters)
              : withValue(match(target, parameters + 1, 0), path, from, path.length(), parameters);
    }
    return match;
  }

  private static int segmentEnd(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }

  private @Nullable RouteTree child(String path, int from, int to) {
    boolean encoded = path.indexOf('%', from, to) >= 0;
    String decoded = encoded ? PercentEncoding.decodePath(path, from, to) : path;
    int start = encoded ? 0 : from;
    int length = encoded ? decoded.length() : to - from;
    for (Literal literal : literals) {
      if (literal.text().length() == length && decoded.startsWith(literal.text(), start)) {
        return literal.node();
      }
    }
    return null;
  }

  private static @Nullable Target target(Map<String, Target> methods, String method) {
    Target target = methods.get(method);
    return target == null && method.equals("HEAD") ? methods.get("GET") : target;
  }

  private @Nullable Match mount(int slash, int parameters) {
    return mounted == null ? null : match(mounted, parameters, slash);
  }

  private static Match match(Target target, int parameters, int restOfPath) {
    return new Match(target, parameters, restOfPath);
  }

  private static @Nullable Match withValue(
      @Nullable Match match, String path, int from, int to, int parameter) {
    if (match != null) {
      match.values[parameter] = PercentEncoding.decodePath(path, from, to);
    }
    return match;
  }

  /**
   * Adds the methods that any route has for the path; not of those that a search tries after a
   * mounted handler, which no request gets to.
   */
  void collectMethods(String path, Set<String> methods) {
    collectMethods(path, 0, methods);
  }

  // Whether it came to a mounted handler.
  private boolean collectMethods(String path, int slash, Set<String> methods) {
    if (slash == path.length()) {
      methods.addAll(here.keySet());
      return mounted != null;
    }
    int from = slash + 1;
    int to = segmentEnd(path, from);
    RouteTree next = child(path, from, to);
    if (next != null && next.collectMethods(path, to, methods)) {
      return true;
    }
    if (parameter != null && to > from && parameter.collectMethods(path, to, methods)) {
      return true;
    }
    methods.addAll(rest.keySet());
    return mounted != null;
  }

  /** Adds the methods that any route has for any path, those of mounted routers included. */
  void collectAllMethods(Set<String> methods) {
    if (mounted != null && mounted.handler() instanceof Router router) {
      router.collectAllMethods(methods);
    }
    methods.addAll(here.keySet());
    methods.addAll(rest.keySet());
    literals.forEach(literal -> literal.node().collectAllMethods(methods));
    if (parameter != null) {
      parameter.collectAllMethods(methods);
    }
  }
}
