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
  // Written by whoever refreshes it; two that do write the same.
  private volatile Stamp stamp = new Stamp(Long.MIN_VALUE, new byte[0]);

  /** The date as {@code time} has it. */
  public HttpDate(InstantSource time) {
    this.time = time;
    refresh();
  }

  /** Looks at the clock: to be called some times a second, so that no response has to. */
  public void refresh() {
    long second = Math.floorDiv(time.millis(), 1000);
    if (stamp.second != second) {
      String line = "Date: " + FORMAT.format(Instant.ofEpochSecond(second)) + "\r\n";
      stamp = new Stamp(second, line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** {@code Date: …} with its line end, as of the last refresh. Not to be changed. */
  byte[] line() {
    return stamp.line;
  }
}
