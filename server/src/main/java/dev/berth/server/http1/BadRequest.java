package dev.berth.server.http1;

/**
 * A request that is refused for its form, before any handler sees it: the status to refuse it with,
 * and a sentence that tells the client what was wrong. The connection closes after it, since what
 * follows can't be trusted to begin where it seems to.
 */
public final class BadRequest extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  private BadRequest(int status, String sentence) {
    // No stack trace: it is the client's mistake, and a flood of them should be cheap.
    super(sentence, null, false, false);
    this.status = status;
  }

  static BadRequest of(String sentence) {
    return new BadRequest(400, sentence);
  }

  static BadRequest of(int status, String sentence) {
    return new BadRequest(status, sentence);
  }

  /** 400, or one that says it better: 408, 414, 417, 431, 501, 503, 505. */
  public int status() {
    return status;
  }

  /** What was wrong; never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
