package dev.berth.operator.decide;

/** Bytes in words, with three figures: {@code 31.2Ki}, {@code 128Mi}. */
public final class Bytes {
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti"};

  private Bytes() {}

  /** {@code bytes} in the largest unit that leaves at least 1 of it. */
  public static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = Math.abs(value) >= 100 || value == Math.rint(value);
    // Not by a format: each second's sentences have some of these
    return (whole
            ? String.valueOf(Math.round(value))
            : String.valueOf(Math.round(value * 10) / 10.0))
        + UNITS[unit];
  }
}
