package dev.berth.server.handler;

import java.util.ArrayList;
import java.util.List;

/**
 * Parameters in a query, as forms send them: {@code name=value}, parted by {@code &}, both
 * percent-encoded UTF-8 with {@code +} for a space (WHATWG URL, 5.1).
 */
final class QueryString {
  private QueryString() {}

  /** The values of all parameters of that name, in the order sent; at most {@code most}. */
  static List<String> values(String query, String name, int most) {
    List<String> values = new ArrayList<>(1);
    int from = 0;
    while (from < query.length() && values.size() < most) {
      int to = indexOf('&', query, from, query.length());
      int equals = indexOf('=', query, from, to);
      if (isNamed(query, from, equals, name)) {
        values.add(PercentEncoding.decodeQuery(query, Math.min(equals + 1, to), to));
      }
      from = to + 1;
    }
    return values;
  }

  private static int indexOf(char character, String text, int from, int to) {
    int at = text.indexOf(character, from, to);
    return at < 0 ? to : at;
  }

  private static boolean isNamed(String query, int from, int to, String name) {
    boolean plain = query.indexOf('%', from, to) < 0 && query.indexOf('+', from, to) < 0;
    return plain
        ? to - from == name.length() && query.startsWith(name, from)
        : PercentEncoding.decodeQuery(query, from, to).equals(name);
  }
}
