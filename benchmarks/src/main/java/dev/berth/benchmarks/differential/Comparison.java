package dev.berth.benchmarks.differential;

/** How Berth's and a peer's accounts of the same bytes go together. */
enum Comparison {
  /** Both heard the same requests. */
  ALIKE,
  /** Both heard no request at all. */
  NONE_HEARD,
  /** The peer heard what Berth did up to a request that it refused, and Berth heard. */
  PEER_REFUSES,
  /** Berth heard what the peer did up to a request that it refused, and the peer heard. */
  BERTH_REFUSES,
  /** Both heard the same, until one of them closed as it had announced. */
  ONE_CLOSES,
  /**
   * They don't agree on a request, or one of them still waits for the end of what the other has
   * heard.
   */
  DIFFERENT,
  /** The peer could not do its part. */
  FAILED
}
