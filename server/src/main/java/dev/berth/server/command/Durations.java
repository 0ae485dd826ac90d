package dev.berth.server.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, or
 * {@code 0}; up to 10,000 days, since 292 years are more nanoseconds than a long holds.
 */
public final class Durations implements ITypeConverter<Duration> {
  private static final Duration LONGEST = Duration.ofDays(10_000);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  @Override
  public Duration convert(String text) {
    Matcher duration = DURATION.matcher(text);
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!duration.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration such as 500ms, 30s or 5m");
    }
    Duration read = of(Long.parseLong(duration.group(1)), duration.group(2));
    if (read.compareTo(LONGEST) > 0) {
      throw new TypeConversionException(
          "'" + text + "' is longer than 10,000 days, which are " + LONGEST.toHours() + "h");
    }
    return read;
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
