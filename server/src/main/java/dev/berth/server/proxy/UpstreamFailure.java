package dev.berth.server.proxy;

import java.io.IOException;

/**
 * Why the upstream gave no answer, or not all of one: a failure on its side, to be told from one on
 * the client's.
 */
final class UpstreamFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final UpstreamOutcome outcome;

  UpstreamFailure(UpstreamOutcome outcome, String sentence) {
    super(sentence);
    this.outcome = outcome;
  }

  UpstreamOutcome outcome() {
    return outcome;
  }

  /** What the client is told. */
  String sentence() {
    return String.valueOf(getMessage());
  }

  /** An outage brings a flood of these, and where they come from is known. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
