package dev.berth.operator.apply;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** The API's spelling of a constant: {@code ABLE_TO_SCALE} is {@code AbleToScale}. */
final class Names {
  private static final ConcurrentMap<Enum<?>, String> KNOWN = new ConcurrentHashMap<>();

  private Names() {}

  static String camel(Enum<?> constant) {
    return KNOWN.computeIfAbsent(constant, Names::spelled);
  }

  private static String spelled(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_", -1))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
