package dev.berth.server.connection;

import dev.berth.server.limit.Admission.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes that a refused client gets, made once for each reason. */
final class RefusalBytes {
  private static final RefusalBytes[] BY_REASON =
      Arrays.stream(Refused.values()).map(RefusalBytes::make).toArray(RefusalBytes[]::new);

  private final byte[] whole;
  // Its head is all that HEAD gets (RFC 9110, 9.3.2).
  private final int headLength;

  private RefusalBytes(byte[] whole, int headLength) {
    this.whole = whole;
    this.headLength = headLength;
  }

  @SuppressWarnings("EnumOrdinal")
  static RefusalBytes of(Refused reason) {
    return BY_REASON[reason.ordinal()];
  }

  /** The answer. */
  ByteBuffer toWrite(boolean isHead) {
    return ByteBuffer.wrap(whole, 0, isHead ? headLength : whole.length);
  }

  private static RefusalBytes make(Refused reason) {
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
    return new RefusalBytes((head + sentence).getBytes(StandardCharsets.US_ASCII), head.length());
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
