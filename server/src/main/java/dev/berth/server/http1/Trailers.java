package dev.berth.server.http1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The fields that came after a chunked body, kept apart from the head's (RFC 9110, 6.5), without
 * those that would come too late there (6.5.1): what frames or routes the message, modifies the
 * request, authenticates, or says how to read the content. Owned by the connection's virtual
 * thread.
 */
final class Trailers {
  /** Those of a body without any. */
  static final Trailers NONE = new Trailers();

  private static final Set<String> TOO_LATE = tooLate();

  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private static Set<String> tooLate() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Collections.addAll(
        names,
        // Framing, and the connection.
        "Transfer-Encoding",
        "Content-Length",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Upgrade",
        // Routing.
        "Host",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        // Modifiers.
        "Cache-Control",
        "Expect",
        "Max-Forwards",
        "Pragma",
        "Range",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        // Authentication.
        "Authorization",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Cookie",
        // How to read the content.
        "Content-Encoding",
        "Content-Type",
        "Content-Range");
    return names;
  }

  /** Whether a field frames the message or is the connection's, so that only a head may have it. */
  static boolean frames(String name) {
    return name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Connection");
  }

  void add(String name, String value) {
    // Some servers behind a proxy take an underscore for a hyphen, as CGI does.
    if (!TOO_LATE.contains(name.replace('_', '-'))) {
      fields.computeIfAbsent(name, unknown -> new ArrayList<>(1)).add(value);
    }
  }

  /** By name, in any case; the values in the order sent. Can't be changed. */
  Map<String, List<String>> byName() {
    return Collections.unmodifiableMap(fields);
  }
}
