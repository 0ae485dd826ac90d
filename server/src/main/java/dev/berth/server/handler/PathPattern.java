package dev.berth.server.handler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A path with places for parameters, as {@link Router} takes it.
 *
 * @param text as it was written
 * @param segments what stands between its slashes
 */
record PathPattern(String text, List<Segment> segments) {
  /** What stands between two slashes. */
  sealed interface Segment {}

  /** Exactly this, once decoded. */
  record Literal(String text) implements Segment {}

  /** One segment that is not empty. */
  record Parameter(String name) implements Segment {}

  /** All that is left of the path, which may be nothing. */
  record Rest(String name) implements Segment {}

  PathPattern {
    segments = List.copyOf(segments);
  }

  /**
   * Reads it; throws {@link IllegalArgumentException} with a sentence for what is wrong with it.
   */
  static PathPattern parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash: \"" + text + "\"");
    }
    List<Segment> segments = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : text.substring(1).split("/", -1)) {
      if (!segments.isEmpty() && segments.getLast() instanceof Rest rest) {
        throw wrong(text, "{" + rest.name() + "...} takes all of the path, so it has to be last");
      }
      Segment segment = segment(text, part);
      if (!(segment instanceof Literal) && !names.add(name(segment))) {
        throw wrong(text, "two parameters are named " + name(segment));
      }
      segments.add(segment);
    }
    return new PathPattern(text, segments);
  }

  private static Segment segment(String text, String part) {
    if (part.indexOf('{') < 0 && part.indexOf('}') < 0) {
      return new Literal(literal(text, part));
    }
    if (!part.startsWith("{") || !part.endsWith("}")) {
      throw wrong(text, "a parameter is all of a segment, unlike in " + part);
    }
    boolean rest = part.endsWith("...}");
    String name = part.substring(1, part.length() - (rest ? 4 : 1));
    if (!isName(name)) {
      throw wrong(text, "\"" + name + "\" is no name such as id");
    }
    return rest ? new Rest(name) : new Parameter(name);
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && Character.isJavaIdentifierStart(name.charAt(0))
        && name.chars().allMatch(Character::isJavaIdentifierPart);
  }

  private static String literal(String text, String part) {
    if (part.equals(".") || part.equals("..")) {
      throw wrong(text, "no client sends " + part);
    }
    if (part.indexOf('?') >= 0 || part.indexOf('#') >= 0) {
      throw wrong(text, "a path has neither query nor fragment");
    }
    if (part.indexOf('%') >= 0) {
      throw wrong(text, "it is to be written decoded");
    }
    return part;
  }

  private static String name(Segment segment) {
    return switch (segment) {
      case Literal literal -> literal.text();
      case Parameter parameter -> parameter.name();
      case Rest rest -> rest.name();
    };
  }

  /** The names of its parameters, in order. */
  List<String> names() {
    return segments.stream()
        .filter(segment -> !(segment instanceof Literal))
        .map(PathPattern::name)
        .toList();
  }

  /** Whether it has no parameters. */
  boolean isLiteral() {
    return names().isEmpty();
  }

  private static IllegalArgumentException wrong(String text, String sentence) {
    return new IllegalArgumentException("the path \"" + text + "\" can't be: " + sentence);
  }

  @Override
  public String toString() {
    return text;
  }
}
