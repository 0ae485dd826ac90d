package dev.berth.server.http1;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The Date field's line (RFC 9110, 5.6.7 and 6.6.1), made once a second however many responses need
 * it. Safe for any thread.
 */
public final class HttpDate {
  // RFC_1123_DATE_TIME writes days of one digit, which IMF-fixdate doesn't.
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Stamp(long second, byte[] line) {}

  private final InstantSource time;
  // Written by whichever thread first meets a new second; two that do write the same.
  private volatile Stamp stamp = new Stamp(Long.MIN_VALUE, new byte[0]);

  /** The date as {@code time} has it. */
  public HttpDate(InstantSource time) {
    this.time = time;
  }

  /** {@code Date: …} with its line end. Not to be changed. */
  byte[] line() {
    long second = Math.floorDiv(time.millis(), 1000);
    Stamp current = stamp;
    if (current.second != second) {
      String line = "Date: " + FORMAT.format(Instant.ofEpochSecond(second)) + "\r\n";
      current = new Stamp(second, line.getBytes(StandardCharsets.US_ASCII));
      stamp = current;
    }
    return current.line;
  }
}
