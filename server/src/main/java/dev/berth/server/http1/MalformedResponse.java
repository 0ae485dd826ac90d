package dev.berth.server.http1;

import java.io.IOException;

/**
 * A response that is no HTTP/1.1, or that two parsers could read differently: nothing on its
 * connection can be trusted any more.
 */
public final class MalformedResponse extends IOException {
  private static final long serialVersionUID = 1;

  MalformedResponse(String sentence) {
    super(sentence);
  }

  /** What was wrong; never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
