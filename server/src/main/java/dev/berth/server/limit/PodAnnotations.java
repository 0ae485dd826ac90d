package dev.berth.server.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a pod's annotations tell its server, as the kubelet projects them into a file.
 *
 * @param limit {@code berth.dev/limit}: the connection limit, 0 for none; empty if the file names
 *     none that is valid, and then the last one stays in force
 * @param generation {@code berth.dev/generation}: the policy generation that the limit in force
 *     comes from; 0 if unknown, or if there is no line with a limit, since then no policy says one;
 *     empty if that line is malformed, and then it is as it was
 * @param draining whether {@code berth.dev/drain} is exactly {@code "true"}; empty if its line is
 *     malformed, and then it is as it was
 * @param mayLeave {@code berth.dev/leave-when-full} is exactly {@code "true"}: the server may leave
 *     rotation while it is full
 * @param problem what is wrong with the lines that are meant for the server, in a sentence; empty
 *     also when there are no such lines
 */
public record PodAnnotations(
    OptionalInt limit,
    OptionalLong generation,
    Optional<Boolean> draining,
    boolean mayLeave,
    Optional<String> problem) {
  /** The annotation that holds the connection limit. */
  public static final String LIMIT = "berth.dev/limit";

  /** The annotation that holds the policy generation which the limit comes from. */
  public static final String GENERATION = "berth.dev/generation";

  /** The annotation that asks the server to drain. */
  public static final String DRAIN = "berth.dev/drain";

  /** The annotation that lets the server leave rotation while it is full. */
  public static final String LEAVE_WHEN_FULL = "berth.dev/leave-when-full";

  private static final int SHOWN = 60;

  /** Checks the ranges, and that there is no generation without a limit. */
  public PodAnnotations {
    if (limit.orElse(0) < 0 || generation.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "limit " + limit + " and generation " + generation + " must not be negative");
    }
    if (limit.isEmpty() && generation.orElse(0) != 0) {
      throw new IllegalArgumentException(
          "generation " + generation + " without a limit means nothing: it must be 0");
    }
  }

  /**
   * Reads a downward API file: a line {@code key="value"} for each annotation, the value quoted as
   * {@link GoQuoted} says. Other keys' lines are passed over whatever they hold. Never throws: what
   * is malformed is told in {@link #problem}, and the line counts as not there; but see {@link
   * #generation} and {@link #draining}.
   */
  public static PodAnnotations parse(String text) {
    List<String> lines =
        List.of(text.split("\n", -1)); // at newlines only: nothing else ends a line in this file
    List<String> problems = new ArrayList<>();
    OptionalLong limit = number(lines, LIMIT, Integer.MAX_VALUE, problems);
    boolean malformed = !problems.isEmpty();
    OptionalLong generation = number(lines, GENERATION, Long.MAX_VALUE, problems);
    Optional<Boolean> draining = isTrue(lines, DRAIN, problems);
    boolean mayLeave = isTrue(lines, LEAVE_WHEN_FULL, problems).orElse(false);
    return new PodAnnotations(
        limit.isPresent() ? OptionalInt.of((int) limit.getAsLong()) : OptionalInt.empty(),
        malformed
            ? OptionalLong.empty()
            : OptionalLong.of(limit.isPresent() ? generation.orElse(0) : 0),
        draining,
        mayLeave,
        problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)));
  }

  private static OptionalLong number(
      List<String> lines, String key, long max, List<String> problems) {
    Optional<String> value = value(lines, key, problems);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong number = decimal(value.get(), max);
    if (number.isEmpty()) {
      problems.add(
          key + " is \"" + shown(value.get()) + "\": it must be a decimal number from 0 to " + max);
    }
    return number;
  }

  private static OptionalLong decimal(String value, long max) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong
          .empty(); // parseLong alone would take a sign, and the digits of any script
    }
    try {
      long number = Long.parseLong(value);
      return number <= max ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException tooLong) {
      return OptionalLong.empty();
    }
  }

  // Without a line, it isn't; a malformed one doesn't say.
  private static Optional<Boolean> isTrue(List<String> lines, String key, List<String> problems) {
    int before = problems.size();
    boolean isTrue = value(lines, key, problems).filter("true"::equals).isPresent();
    return problems.size() == before ? Optional.of(isTrue) : Optional.empty();
  }

  private static Optional<String> value(List<String> lines, String key, List<String> problems) {
    List<String> own = lines.stream().filter(line -> line.startsWith(key + "=")).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    if (own.size() > 1) {
      problems.add(key + " is there " + own.size() + " times: it must be there once");
      return Optional.empty();
    }
    String quoted = own.getFirst().substring(key.length() + 1);
    Optional<String> value = GoQuoted.unquote(quoted);
    if (value.isEmpty()) {
      problems.add(
          key
              + " is followed by "
              + shown(quoted)
              + ": it must be one whole value in double quotes");
    }
    return value;
  }

  private static String shown(String value) {
    return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }
}
