package dev.berth.server.connection;

import dev.berth.server.limit.Admission.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes that a refused client gets, made once for each reason. */
final class RefusalBytes {
  private static final byte[][] BY_REASON =
      Arrays.stream(Refused.values()).map(RefusalBytes::make).toArray(byte[][]::new);

  private RefusalBytes() {}

  /** The whole answer; shared, and so not to be changed. */
  @SuppressWarnings("EnumOrdinal")
  static byte[] of(Refused reason) {
    return BY_REASON[reason.ordinal()];
  }

  private static byte[] make(Refused reason) {
    String sentence = sentence(reason);
    String head =
        """
        HTTP/1.1 503 Service Unavailable
        Retry-After: 1
        Content-Type: text/plain; charset=utf-8
        Content-Length: %d
        Connection: close

        """
            .formatted(sentence.length())
            .replace("\n", "\r\n");
    return (head + sentence).getBytes(StandardCharsets.US_ASCII);
  }

  /** Its content. */
  static String sentence(Refused reason) {
    return switch (reason) {
      case LIMIT, QUEUE_TIMEOUT, HUNG_UP -> "this server has all the connections it takes now\n";
      case CLIENT_LIMIT -> "this server has all the connections it takes from your address\n";
      case DRAINING -> "this server takes no more connections, since it is about to end\n";
    };
  }
}
