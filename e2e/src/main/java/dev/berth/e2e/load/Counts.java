package dev.berth.e2e.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the clients have seen so far.
 *
 * @param wanted clients that there are to be now
 * @param wantedMillis connection-milliseconds that they wanted
 * @param heldMillis connection-milliseconds that they had of them
 * @param open connections that were answered and are open
 * @param served answers with status 200
 * @param refused connections that got a whole 503
 * @param graceful connections that the server ended as it should
 * @param unreachable attempts that gave no connection
 * @param broken connections that ended in any other way
 * @param why what was unreachable or broken, the first 20 of it
 */
public record Counts(
    long wanted,
    long wantedMillis,
    long heldMillis,
    long open,
    long served,
    long refused,
    long graceful,
    long unreachable,
    long broken,
    List<String> why) {

  public Counts {
    why = List.copyOf(why);
  }

  /** A line {@code name value} for each. */
  String text() {
    var text = new StringBuilder();
    text.append("wanted ").append(wanted).append('\n');
    text.append("wantedMillis ").append(wantedMillis).append('\n');
    text.append("heldMillis ").append(heldMillis).append('\n');
    text.append("open ").append(open).append('\n');
    text.append("served ").append(served).append('\n');
    text.append("refused ").append(refused).append('\n');
    text.append("graceful ").append(graceful).append('\n');
    text.append("unreachable ").append(unreachable).append('\n');
    text.append("broken ").append(broken).append('\n');
    why.forEach(line -> text.append("why ").append(line.replace('\n', ' ')).append('\n'));
    return text.toString();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if a count is missing
   */
  public static Counts parse(String text) {
    Map<String, Long> counts = new HashMap<>();
    List<String> why = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 2);
      if (parts[0].equals("why")) {
        why.add(parts[1]);
      } else {
        counts.put(parts[0], Long.parseLong(parts[1]));
      }
    }
    return new Counts(
        count(counts, "wanted"),
        count(counts, "wantedMillis"),
        count(counts, "heldMillis"),
        count(counts, "open"),
        count(counts, "served"),
        count(counts, "refused"),
        count(counts, "graceful"),
        count(counts, "unreachable"),
        count(counts, "broken"),
        why);
  }

  private static long count(Map<String, Long> counts, String name) {
    Long count = counts.get(name);
    if (count == null) {
      throw new IllegalArgumentException("no count of " + name);
    }
    return count;
  }
}
