package dev.berth.server.proxy;

import dev.berth.server.handler.ListField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The fields that are about one connection, not about the message, and end with it (RFC 9110,
 * 7.6.1): those that always are, and those that Connection names. Of those that ask for, or give,
 * permission to use a proxy, this end has no use: it asks for none.
 */
final class HopByHop {
  private static final HopByHop NONE_NAMED = new HopByHop(Set.of());

  private final Set<String> named;

  private HopByHop(Set<String> named) {
    this.named = named;
  }

  /** Of a message with these values of Connection. */
  static HopByHop of(List<String> connection) {
    if (connection.stream().allMatch(HopByHop::isCommon)) {
      return NONE_NAMED;
    }
    return new HopByHop(
        ListField.elements(connection)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()));
  }

  private static boolean isCommon(String value) {
    return value.equalsIgnoreCase("close") || value.equalsIgnoreCase("keep-alive");
  }

  /** Whether the field ends here. */
  boolean endsHere(String name) {
    return isAlways(name) || (!named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)));
  }

  /** Those of a message's trailers, mostly none, that don't end here by its Connection. */
  static Map<String, List<String>> passing(
      Map<String, List<String>> trailers, Supplier<List<String>> connection) {
    if (trailers.isEmpty()) {
      return trailers;
    }
    Map<String, List<String>> passing = new LinkedHashMap<>(trailers);
    passing.keySet().removeIf(of(connection.get())::endsHere);
    return passing;
  }

  private static boolean isAlways(String name) {
    return switch (name.length()) {
      case 2 -> name.equalsIgnoreCase("TE");
      case 7 -> name.equalsIgnoreCase("Upgrade");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      case 18 -> name.equalsIgnoreCase("Proxy-Authenticate");
      case 19 -> name.equalsIgnoreCase("Proxy-Authorization");
      default -> false;
    };
  }
}
