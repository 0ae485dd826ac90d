package dev.berth.benchmarks.differential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a server understood of one request. Servers tell it in a field of their response, {@code
 * Heard: method.target.length.digest}, the first two and the start of the content's SHA-256 in
 * hexadecimal.
 */
record Heard(String method, String target, int length, String digest) {
  static final String FIELD = "Heard";

  private static final int DIGEST_BYTES = 8;
  // Some proxies write names of fields anew.
  private static final Pattern TOLD =
      Pattern.compile(
          "\r\n" + FIELD + ": ([0-9a-f]*)\\.([0-9a-f]*)\\.(\\d+)\\.([0-9a-f]+)\r\n",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern AUTHORITY =
      Pattern.compile("^https?://[^/?]*", Pattern.CASE_INSENSITIVE);

  static Heard of(String method, String target, byte[] content) {
    return new Heard(method, pathOf(method, target), content.length, digestOf(content));
  }

  /** What those responses tell, in their order. */
  static List<Heard> toldBy(String responses) {
    return TOLD.matcher(responses)
        .results()
        .map(told ->
            new Heard(
                text(told.group(1)),
                pathOf(text(told.group(1)), text(told.group(2))),
                Integer.parseInt(told.group(3)),
                told.group(4)))
        .toList();
  }

  /** The value of the field that tells it. */
  String told() {
    return "%s.%s.%d.%s".formatted(hex(method), hex(target), length, digest);
  }

  // Some servers tell the path of an absolute target, some all of it. Of one without a path, nginx
  // forgets the ? of an empty query, and only some know that it is * for OPTIONS (RFC 9112, 3.2.4).
  private static String pathOf(String method, String target) {
    String path = AUTHORITY.matcher(target).replaceFirst("");
    String rooted = path.equals(target) || path.startsWith("/") ? path : "/" + path;
    String known = rooted.equals("/?") ? "/" : rooted;
    return known.equals("/") && method.equals("OPTIONS") ? "*" : known;
  }

  private static String digestOf(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return "%s %s with %d bytes of content (%s)"
        .formatted(Escapes.escape(method), Escapes.escape(target), length, digest);
  }
}
