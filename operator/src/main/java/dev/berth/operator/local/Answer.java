package dev.berth.operator.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A whole answer of an HTTP/1.1 server to a GET (RFC 9112): its content was read and dropped.
 *
 * @param last whether the connection ends with it
 * @param retryAfter how long the server asks to stay away, if it does
 */
record Answer(int status, boolean last, Optional<Duration> retryAfter) {
  private static final int LONGEST_HEAD = 16 << 10;
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*");

  /** The bytes of a GET for {@code /}. */
  static byte[] request(InetSocketAddress server) {
    return "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: berth-wave\r\n\r\n"
        .formatted(Settings.text(server))
        .getBytes(ISO_8859_1);
  }

  /**
   * Reads the next answer.
   *
   * @throws IOException if the connection ends or is reset before it is whole, or it is none
   */
  static Answer read(InputStream in) throws IOException {
    String[] head = head(in).split("\r\n");
    var statusLine = STATUS_LINE.matcher(head[0]);
    if (!statusLine.matches()) {
      throw new IOException("no HTTP/1.1 answer: " + head[0]);
    }
    String length =
        field(head, "content-length")
            .orElseThrow(() -> new IOException("an answer without Content-Length"));
    if (!length.matches("\\d{1,18}")) {
      throw new IOException("a Content-Length of " + length);
    }
    in.skipNBytes(Long.parseLong(length));
    return new Answer(
        Integer.parseInt(statusLine.group(1)),
        field(head, "connection").filter("close"::equalsIgnoreCase).isPresent(),
        field(head, "retry-after").map(Answer::seconds));
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.length() < LONGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(
            "the connection ended after %d bytes of a head".formatted(head.length()));
      }
      head.append((char) next);
      if (next == '\n' && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
        return head.toString();
      }
    }
    throw new IOException("a head of more than %d bytes".formatted(LONGEST_HEAD));
  }

  private static Optional<String> field(String[] head, String name) {
    for (String line : head) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return Optional.of(line.substring(name.length() + 1).strip());
      }
    }
    return Optional.empty();
  }

  private static Duration seconds(String text) {
    return text.matches("\\d{1,4}")
        ? Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Integer.parseInt(text)))
        : Duration.ofSeconds(1);
  }
}
