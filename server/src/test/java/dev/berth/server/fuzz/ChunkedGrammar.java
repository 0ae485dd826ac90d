package dev.berth.server.fuzz;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A chunked body by the ABNF of RFC 9112, 7.1. Each character is an octet. */
final class ChunkedGrammar {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final String BWS = "[ \t]*+";
  private static final String QUOTED =
      "\"(?:[\t !#-\\[\\]-~\u0080-\u00ff]|\\\\[\t -~\u0080-\u00ff])*+\"";
  private static final String EXTENSION =
      BWS + ";" + BWS + TOKEN + "(?:" + BWS + "=" + BWS + "(?:" + TOKEN + "|" + QUOTED + "))?";
  // Longer sizes overflow what others count with; up to 15 digits, and 32 with zeros before them.
  private static final Pattern SIZE =
      Pattern.compile(
          "(?![0-9A-Fa-f]{33})(?=[0-9A-Fa-f])(0*+[0-9A-Fa-f]{0,15})((?:" + EXTENSION + ")*+)\r\n");
  private static final Pattern TRAILERS =
      Pattern.compile("(?:" + TOKEN + ":[\t -~\u0080-\u00ff]*+\r\n)*+\r\n");

  private static final int MAX_TRAILERS = 8 * 1024;
  private static final int TRAILER_ITSELF = 100;

  private ChunkedGrammar() {}

  /** A body that the grammar takes: its content, and where what follows it begins. */
  record Body(String content, int end) {}

  /** The body that the text begins with, if it begins with a whole one. */
  static Optional<Body> parse(String text) {
    var content = new StringBuilder();
    Matcher size = SIZE.matcher(text);
    int at = 0;
    while (size.region(at, text.length()).lookingAt()) {
      long length = Long.parseLong(size.group(1), 16);
      if (length == 0) {
        Matcher trailers = TRAILERS.matcher(text).region(size.end(), text.length());
        return trailers.lookingAt()
                && trailers.group().lines().mapToInt(ChunkedGrammar::size).sum() <= MAX_TRAILERS
            ? Optional.of(new Body(content.toString(), trailers.end()))
            : Optional.empty();
      }
      if (length > text.length() - size.end()) {
        return Optional.empty();
      }
      at = size.end() + (int) length;
      content.append(text, size.end(), at);
      if (!text.startsWith("\r\n", at)) {
        return Optional.empty();
      }
      at += 2;
    }
    return Optional.empty();
  }

  // Its letters without the colon, and 100 for itself; the empty line that ends them has none.
  private static int size(String trailer) {
    return trailer.isEmpty() ? 0 : trailer.length() - ":".length() + TRAILER_ITSELF;
  }
}
