package dev.berth.operator.observe;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One answer as it comes over a {@link KeptConnection}: its head, and its content by length, in
 * chunks or up to the end (RFC 9112, sections 4 to 7). Owned by one thread, used for one answer at
 * a time.
 */
final class PodAnswer {
  /** The largest content. */
  static final int LARGEST = 4 << 20;

  private static final int LARGEST_HEAD = 32 << 10;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5]\\d\\d( .*)?");

  private byte[] bytes = new byte[8 << 10];
  private int end;
  private int from;
  private int to;
  private int status;
  private boolean again;
  private String length = "";
  private boolean chunked;

  /** Takes the next answer of a connection. */
  void take(KeptConnection connection, Deadline deadline) throws IOException {
    end = 0;
    int body = 0;
    do {
      body = head(connection, deadline, body);
      from = body;
      to = body;
      if (status == 200) {
        content(connection, deadline, body);
      }
    } while (status / 100 == 1);
  }

  int status() {
    return status;
  }

  /** What its content tells. */
  Scrape.Outcome read() {
    return MetricsText.read(bytes, from, to);
  }

  /** Whether the connection may be asked again. */
  boolean again() {
    return again && status == 200;
  }

  private int head(KeptConnection connection, Deadline deadline, int start) throws IOException {
    int line = start;
    boolean first = true;
    length = "";
    chunked = false;
    while (true) {
      int next = lineEnd(connection, deadline, line, LARGEST_HEAD);
      int from = line;
      line = next + 1;
      if (first) {
        statusLine(text(from, next));
        first = false;
      } else if (bytes[from] == '\n' || bytes[from] == '\r') {
        return line;
      } else if (matters(bytes[from])) {
        field(text(from, next));
      }
    }
  }

  private void statusLine(String line) throws IOException {
    if (!STATUS_LINE.matcher(line).matches()) {
      throw new IOException(
          "it doesn't speak HTTP/1.1: its answer begins with \"" + shortened(line) + "\"");
    }
    status = Integer.parseInt(line, 9, 12, 10);
    again = line.charAt(7) == '1';
  }

  /** Whether a field's name begins as one that is read: the others aren't worth a String. */
  private static boolean matters(byte first) {
    return (first | 0x20) == 'c' || (first | 0x20) == 't';
  }

  private void field(String line) {
    int colon = line.indexOf(':');
    String value = line.substring(colon + 1).strip();
    switch (colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "content-length" -> length = value;
      case "transfer-encoding" -> chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
      case "connection" -> again &= !value.equalsIgnoreCase("close");
      default -> {}
    }
  }

  private void content(KeptConnection connection, Deadline deadline, int body) throws IOException {
    if (chunked) {
      chunks(connection, deadline, body);
    } else if (length.isEmpty()) {
      again = false;
      while (more(connection, deadline)) {
        bounded(end - body);
      }
      to = end;
    } else {
      to = body + bounded(number(length, 10));
      need(connection, deadline, to);
      again &= end == to;
    }
  }

  /** Moves the content of the chunks together, from {@code body} on. */
  private void chunks(KeptConnection connection, Deadline deadline, int body) throws IOException {
    int at = body;
    while (true) {
      int line = lineEnd(connection, deadline, at, end + LARGEST_HEAD);
      int size = bounded(number(text(at, line).split("[; \\t]", 2)[0], 16));
      bounded(to - body + size);
      at = line + 1;
      if (size == 0) {
        break;
      }
      need(connection, deadline, at + size + 1);
      System.arraycopy(bytes, at, bytes, to, size);
      to += size;
      at = lineEnd(connection, deadline, at + size, at + size + 2) + 1;
    }
    int line = lineEnd(connection, deadline, at, end + LARGEST_HEAD);
    while (!text(at, line).isEmpty()) {
      at = line + 1;
      line = lineEnd(connection, deadline, at, end + LARGEST_HEAD);
    }
    again &= end == line + 1;
  }

  private static int number(String digits, int radix) throws IOException {
    try {
      return Integer.parseUnsignedInt(digits, radix);
    } catch (NumberFormatException none) {
      throw new IOException("the length of its answer is \"" + shortened(digits) + "\"", none);
    }
  }

  private static int bounded(int size) throws IOException {
    if (size < 0 || size > LARGEST) {
      throw new IOException("its answer is larger than " + LARGEST + " bytes");
    }
    return size;
  }

  /** Where the line that begins at {@code start} has its line feed. */
  private int lineEnd(KeptConnection connection, Deadline deadline, int start, int atMost)
      throws IOException {
    for (int at = start; ; at++) {
      if (at >= atMost) {
        throw new IOException("a line of its answer has no end");
      }
      need(connection, deadline, at + 1);
      if (bytes[at] == '\n') {
        return at;
      }
    }
  }

  private String text(int start, int lineFeed) {
    int last = lineFeed > start && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    return new String(bytes, start, last - start, StandardCharsets.ISO_8859_1);
  }

  private void need(KeptConnection connection, Deadline deadline, int upTo) throws IOException {
    while (end < upTo) {
      if (!more(connection, deadline)) {
        throw new EOFException("the connection ended within the answer");
      }
    }
  }

  private boolean more(KeptConnection connection, Deadline deadline) throws IOException {
    if (end == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    int read = connection.read(bytes, end, deadline);
    end += Math.max(0, read);
    return read >= 0;
  }

  /** Whether nothing of an answer has come. */
  boolean nothing() {
    return end == 0;
  }

  /** Whether it is small enough to be kept for other answers. */
  boolean small() {
    return bytes.length <= 128 << 10;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
