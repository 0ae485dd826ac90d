package dev.berth.server.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Ways in which a network may cut up what is sent. */
final class Splits {
  private static final int LONGEST_PIECE = 40;

  private Splits() {}

  /** Pieces of some octets each, drawn from a seed. */
  static List<String> some(String sent, long seed) {
    var chance = new SplittableRandom(seed);
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < sent.length()) {
      int to = Math.min(sent.length(), from + 1 + chance.nextInt(LONGEST_PIECE));
      pieces.add(sent.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** An octet at a time. */
  static List<String> all(String sent) {
    return sent.isEmpty() ? List.of() : List.of(sent.split(""));
  }
}
