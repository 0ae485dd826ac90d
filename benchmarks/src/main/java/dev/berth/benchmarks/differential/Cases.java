package dev.berth.benchmarks.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is sent to all: cases made by hand, and any number of their mutations. */
final class Cases {
  private static final String SEPARATOR = " | ";

  private Cases() {}

  /** Those of {@code cases.txt}. */
  static List<Case> byHand() throws IOException {
    try (InputStream file = Objects.requireNonNull(Cases.class.getResourceAsStream("cases.txt"));
        var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().filter(Cases::isCase).map(Cases::parse).toList();
    }
  }

  private static boolean isCase(String line) {
    return !line.isEmpty() && !line.startsWith("#");
  }

  private static Case parse(String line) {
    int separator = line.indexOf(SEPARATOR);
    String octets = line.substring(separator + SEPARATOR.length());
    return new Case(line.substring(0, separator), Escapes.unescape(octets));
  }

  /** Mutations of those by hand; the same ones for the same seed. */
  static Stream<Case> mutated(List<Case> byHand, int count, long seed) {
    var chance = new SplittableRandom(seed);
    var mutations = new Mutations(byHand.stream().map(Case::bytes).toList(), chance);
    return IntStream.range(0, count)
        .mapToObj(
            number -> new Case("mutation %d of seed %d".formatted(number, seed), mutations.next()));
  }
}
