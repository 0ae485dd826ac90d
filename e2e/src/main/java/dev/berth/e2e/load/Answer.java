package dev.berth.e2e.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A whole response, its body read and dropped.
 *
 * @param status the status code
 * @param fields the header fields by their names in lower case; the last of a name
 */
record Answer(int status, Map<String, String> fields) {

  /**
   * Reads one response (RFC 9112, sections 4 to 7), and not a byte more.
   *
   * @throws EOFException if the connection ends before the response does
   * @throws ProtocolException if the bytes aren't a response with a delimited body
   */
  static Answer read(InputStream in) throws IOException {
    String[] start = line(in).split(" ", 3);
    if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("\\d{3}")) {
      throw new ProtocolException("not a status line: " + String.join(" ", start));
    }
    var fields = new HashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("not a header field: " + line);
      }
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var answer = new Answer(Integer.parseInt(start[1]), Map.copyOf(fields));
    answer.skipBody(in);
    return answer;
  }

  /** Whether the server ends the connection after this response. */
  boolean last() {
    return field("connection").map(value -> value.equalsIgnoreCase("close")).orElse(false);
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  private void skipBody(InputStream in) throws IOException {
    if (field("transfer-encoding").isPresent()) {
      while (skipChunk(in)) {}
    } else {
      in.skipNBytes(
          Long.parseLong(
              field("content-length")
                  .orElseThrow(() -> new ProtocolException("a response without a length"))));
    }
  }

  private static boolean skipChunk(InputStream in) throws IOException {
    int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
    in.skipNBytes(size);
    line(in);
    return size > 0;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended within a response");
      }
      line.append((char) next);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new ProtocolException("a line that doesn't end in CRLF: " + line);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }
}
