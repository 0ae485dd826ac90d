package dev.berth.server.http1;

/**
 * What has come of a request's head, for who gathers the rest of it and has it parsed only when
 * that can tell something.
 */
public final class PartialHead {
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  /** Its size is looked at that often, in bytes. */
  private static final int LOOKED_AT = 1024;

  private PartialHead() {}

  /**
   * Whether to parse it, as it is whole, or may be wrong: because of what came after the first
   * {@code known} bytes, an empty line, a line that ends with LF alone or the end of the first
   * line; or for its size.
   */
  public static boolean isWorthParsing(byte[] head, int known) {
    if (known / LOOKED_AT != head.length / LOOKED_AT) {
      return true;
    }
    for (int at = known; at < head.length; at++) {
      if (head[at] == LF && (endsHead(head, at) || isFirst(head, at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsHead(byte[] head, int lineEnd) {
    return lineEnd < 2 || head[lineEnd - 1] != CR || head[lineEnd - 2] == LF;
  }

  private static boolean isFirst(byte[] head, int lineEnd) {
    for (int at = 0; at < lineEnd; at++) {
      if (head[at] == LF) {
        return false;
      }
    }
    return true;
  }
}
