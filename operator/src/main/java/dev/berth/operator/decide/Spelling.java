package dev.berth.operator.decide;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * How the constants of a decision are written where people read them: in conditions, events,
 * metrics and on the console. Safe for any number of threads.
 */
public final class Spelling {
  private static final ConcurrentMap<Enum<?>, String> KNOWN = new ConcurrentHashMap<>();

  private Spelling() {}

  /** As Kubernetes spells it: {@code ABLE_TO_SCALE} is {@code AbleToScale}. */
  public static String upperCamelCase(Enum<?> constant) {
    return KNOWN.computeIfAbsent(constant, Spelling::spelled);
  }

  private static String spelled(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_", -1))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
