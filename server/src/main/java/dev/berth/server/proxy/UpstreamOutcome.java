package dev.berth.server.proxy;

import java.util.Locale;

/** What became of a request that was to be passed on. */
public enum UpstreamOutcome {
  /** The upstream answered, be it with an error, and the answer was passed on. */
  ANSWERED(200),
  /** No connection could be had: it is down, or its name isn't known. */
  REFUSED(502),
  /** It took longer than it may. */
  TIMEOUT(504),
  /** It ended the connection instead of an answer, or in the middle of one. */
  BROKEN(502),
  /** Its answer was no proper HTTP. */
  MALFORMED(502),
  /** All connections to it were in use for longer than a request waits. */
  BUSY(503),
  /** The client went, or its request was malformed. */
  CLIENT(400);

  private final int status;

  UpstreamOutcome(int status) {
    this.status = status;
  }

  /** The value of the label {@code outcome} of {@code berth_upstream_requests_total}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status that tells the client, if nothing has been passed on. */
  int status() {
    return status;
  }
}
