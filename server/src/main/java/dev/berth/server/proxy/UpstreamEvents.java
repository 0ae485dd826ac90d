package dev.berth.server.proxy;

/**
 * What happens between a proxy and its upstream, told as it happens, on the thread it happens on:
 * to be taken note of in a few instructions, by code that is safe for any number of threads.
 */
public interface UpstreamEvents {
  /** Nobody listens. */
  UpstreamEvents UNHEARD = new UpstreamEvents() {};

  /** A connection to the upstream was opened. */
  default void opened() {}

  /** A request is sent again, since a kept connection had ended before any answer. */
  default void retried() {}

  /**
   * The head of an answer came.
   *
   * @param nanos the time since the request's head was complete, the wait for a connection included
   */
  default void responded(long nanos) {}

  /** A request is done with. */
  default void done(UpstreamOutcome outcome) {}
}
