package dev.berth.server.memory;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: a Kubernetes quantity such as {@code 128Mi} (2^20), {@code
 * 500M} (10^6), {@code 1.5Gi}, or {@code 1048576}. Exponents ({@code 1e6}) and thousandths ({@code
 * 1000m}) are quantities too, but no sizes, and refused.
 */
public final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)(|[kMGTPE]|[KMGTPE]i)");
  private static final String PREFIXES = "kMGTPE";
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private ByteSize() {}

  /**
   * The number of bytes that the text says; a fraction of a byte is rounded up, as Kubernetes does.
   *
   * @throws IllegalArgumentException with a sentence that can be shown to whoever wrote the text
   */
  public static long parse(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a size in bytes: it must be a number with a suffix k, M, G, T, P, E or Ki, Mi, Gi, Ti, Pi, Ei or none, such as 128Mi");
    }
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(unit(size.group(2)));
    if (bytes.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is more bytes than can be counted: the most is " + MOST);
    }
    return bytes.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /**
   * The size in the largest binary unit that it fills, exact where that needs no fraction ({@code
   * 128Mi}), otherwise rounded to one digit behind the point ({@code 1.4Gi}).
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static String format(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes is no size: it must be 0 or more");
    }
    int power = bytes == 0 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    if (power == 0) {
      return Long.toString(bytes);
    }
    String suffix = Character.toUpperCase(PREFIXES.charAt(power - 1)) + "i";
    long unit = 1L << (10 * power);
    return bytes % unit == 0
        ? bytes / unit + suffix
        : String.format(Locale.ROOT, "%.1f%s", (double) bytes / unit, suffix);
  }

  private static BigDecimal unit(String suffix) {
    if (suffix.isEmpty()) {
      return BigDecimal.ONE;
    }
    int power = PREFIXES.indexOf(suffix.equals("Ki") ? 'k' : suffix.charAt(0)) + 1;
    return BigDecimal.valueOf(suffix.endsWith("i") ? 1024 : 1000).pow(power);
  }
}
