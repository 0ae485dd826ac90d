package dev.berth.e2e.load;

/** How a connection ended, as its client saw it. */
sealed interface Ending {
  /** The client had enough, and closed it between two requests. */
  record Ours() implements Ending {}

  /**
   * The server closed it between two requests, or said {@code Connection: close} in a whole
   * response (RFC 9112, section 9.6).
   */
  record Graceful() implements Ending {}

  /** A whole 503 with Retry-After and {@code Connection: close}: there was no permit. */
  record Refused() implements Ending {}

  /** There was no connection: TCP was refused, or timed out. */
  record Unreachable(String why) implements Ending {}

  /**
   * Anything else, none of which a graceful server does: a reset, an end within a response or
   * before the answer to a request that was sent, or an answer that isn't HTTP or isn't a success.
   */
  record Broken(String why) implements Ending {}
}
