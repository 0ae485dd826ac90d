package dev.berth.server.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes accesses as lines. Whatever a client sent stays within its place: nothing of it can end a
 * line or a quoted text. Owned by one thread.
 */
final class AccessLines {
  private static final DateTimeFormatter TEXT_SECOND =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter JSON_SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int NANOS_IN_MICRO = 1_000;
  private static final String HEX = "0123456789abcdef";

  private final AccessFormat format;
  private final StringBuilder lines = new StringBuilder();
  // Many lines share a second, so its text is made once.
  private long second = Long.MIN_VALUE;
  private String secondAsText = "";

  AccessLines(AccessFormat format) {
    this.format = format;
  }

  /** Adds a line. */
  void add(Access access, long epochMillis) {
    switch (format) {
      case TEXT -> addText(access, epochMillis);
      case JSON -> addJson(access, epochMillis);
    }
    lines.append('\n');
  }

  /** The lines added since this was last asked for. */
  String take() {
    String taken = lines.toString();
    lines.setLength(0);
    return taken;
  }

  private void addText(Access access, long epochMillis) {
    lines.append(host(access.peer())).append(" - - [");
    lines.append(second(epochMillis, TEXT_SECOND)).append("] ");
    if (access.method().isEmpty()) {
      quote("");
    } else {
      quote(access.method() + " " + access.target() + " " + access.protocol());
    }
    lines.append(' ').append(access.status()).append(' ').append(access.bytes()).append(' ');
    quote(access.referer());
    lines.append(' ');
    quote(access.userAgent());
    lines.append(' ');
    addSeconds(access.nanos());
    lines.append(' ').append(access.connection()).append(' ').append(access.request()).append(' ');
    quote(access.note());
  }

  private void quote(String text) {
    lines.append('"');
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (isPlain(character)) {
        lines.append(character);
      } else {
        lines.append("\\x");
        addHex(character, 2);
      }
    }
    lines.append(text.isEmpty() ? "-\"" : "\"");
  }

  private void addJson(Access access, long epochMillis) {
    lines.append("{\"time\":\"").append(second(epochMillis, JSON_SECOND)).append('.');
    addPadded(Math.floorMod(epochMillis, 1_000), 100);
    lines.append("Z\",\"peer\":\"").append(address(access.peer())).append('"');
    addString("method", access.method());
    addString("target", access.target());
    addString("protocol", access.protocol());
    addNumber("status", access.status());
    addNumber("bytes", access.bytes());
    lines.append(",\"durationSeconds\":");
    addSeconds(access.nanos());
    addNumber("connection", access.connection());
    addNumber("request", access.request());
    addString("referer", access.referer());
    addString("userAgent", access.userAgent());
    addString("note", access.note());
    lines.append('}');
  }

  private void addNumber(String name, long number) {
    lines.append(",\"").append(name).append("\":").append(number);
  }

  private void addString(String name, String text) {
    lines.append(",\"").append(name).append("\":\"");
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (isPlain(character)) {
        lines.append(character);
      } else {
        lines.append("\\u");
        addHex(character, 4);
      }
    }
    lines.append('"');
  }

  private static boolean isPlain(char character) {
    return character >= ' ' && character < 127 && character != '"' && character != '\\';
  }

  private void addHex(int character, int leastDigits) {
    for (int shift = character > 0xff ? 12 : 4 * (leastDigits - 1); shift >= 0; shift -= 4) {
      lines.append(HEX.charAt(character >> shift & 15));
    }
  }

  private void addSeconds(long nanos) {
    long micros = nanos / NANOS_IN_MICRO;
    lines.append(micros / 1_000_000).append('.');
    addPadded(micros % 1_000_000, 100_000);
  }

  private void addPadded(long number, int firstDigit) {
    for (int digit = firstDigit; digit > 1 && number < digit; digit /= 10) {
      lines.append('0');
    }
    lines.append(number);
  }

  private String second(long epochMillis, DateTimeFormatter formatter) {
    long now = Math.floorDiv(epochMillis, 1_000);
    if (now != second) {
      second = now;
      secondAsText = formatter.format(Instant.ofEpochSecond(now));
    }
    return secondAsText;
  }

  private static String host(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    return address == null ? peer.getHostString() : address.getHostAddress();
  }

  private static String address(InetSocketAddress peer) {
    String host = host(peer);
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + peer.getPort();
  }
}
