package dev.berth.server.http1;

import java.io.IOException;

/**
 * What reading a body throws when the client's framing of it is wrong: what was read so far is not
 * all of it, and nothing follows.
 */
public final class MalformedBody extends IOException {
  private static final long serialVersionUID = 1;

  private final BadRequest cause;

  MalformedBody(BadRequest cause) {
    super(cause.sentence(), cause);
    this.cause = cause;
  }

  /** The status and the sentence that say what was wrong. */
  public BadRequest badRequest() {
    return cause;
  }
}
